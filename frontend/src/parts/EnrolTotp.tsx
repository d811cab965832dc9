import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { Bones, Button, CopyCode, FaultNote, Input } from "@/ui";

/** The secret as a picture, then a code of it. Nothing of it is kept in the page's caches. */
export function EnrolTotp({ cancel, done }: { cancel: () => void; done: (recovery: string[]) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const { data, error } = useQuery({
    queryKey: ["enrol-totp"],
    queryFn: () => got(api.POST("/console/v1/me/totp")),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(undefined);
    try {
      const body = { code: code.trim() };
      done((await got(api.POST("/console/v1/me/totp/confirm", { body }))).recovery_codes);
    } catch (told) {
      setFault(told);
      setCode("");
    } finally {
      setBusy(false);
    }
  };
  if (error)
    return (
      <>
        <FaultNote error={error} />
        <Button onClick={cancel}>{t("cancel")}</Button>
      </>
    );
  if (!data) return <Bones rows={3} />;
  return (
    <form className="enrolling" onSubmit={(event) => void confirm(event)}>
      <p>{t("security.scan")}</p>
      <img
        className="qr"
        alt={t("security.qr")}
        src={`data:image/svg+xml;base64,${btoa(data.qr_svg)}`}
        width={200}
        height={200}
      />
      <p className="muted">{t("security.by_hand")}</p>
      <CopyCode text={data.secret} />
      <FaultNote error={fault} />
      <label className="field">
        <span>{t("signing.by.totp")}</span>
        <Input
          name="totp"
          value={code}
          required
          maxLength={10}
          inputMode="numeric"
          autoComplete="one-time-code"
          onChange={(event) => setCode(event.target.value)}
        />
      </label>
      <div className="acts">
        <Button type="primary" htmlType="submit" loading={busy} data-testid="confirm-totp">
          {t("security.confirm")}
        </Button>
        <Button onClick={cancel}>{t("cancel")}</Button>
      </div>
    </form>
  );
}
