import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { Button, EmptyState, FaultNote, Input, Part, useListState } from "@/ui";
import { Custody, unknown } from "./Custody";

const FINGERPRINT = /^[0-9a-f]{64}$/i;

/** One code's way, found by its fingerprint or by the code itself. The address has the fingerprint or the place; never the code. */
export function Trace() {
  const { t } = useTranslation();
  const [search, set] = useListState();
  const [typed, setTyped] = useState(search.fingerprint ?? "");
  const [number, setNumber] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const text = typed.trim();
    setFault(undefined);
    if (FINGERPRINT.test(text) && !number.trim())
      return set({ fingerprint: text.toLowerCase(), batch: undefined, seq: undefined });
    setBusy(true);
    try {
      const body = { code: text, number: number.trim() || null };
      const { batch_id, seq } = await got(api.POST("/console/v1/custody/trace", { body }));
      setTyped("");
      setNumber("");
      set({ fingerprint: undefined, batch: batch_id, seq: String(seq) });
    } catch (error) {
      setFault(error);
      set({ fingerprint: undefined, batch: undefined, seq: undefined });
    } finally {
      setBusy(false);
    }
  };
  const wanted = search.fingerprint
    ? { fingerprint: search.fingerprint }
    : search.batch && search.seq
      ? { batch_id: search.batch, seq: Number(search.seq) }
      : undefined;
  return (
    <Part title={t("custody.tab")}>
      <form className="acts" onSubmit={(event) => void ask(event)} data-testid="trace">
        <Input
          name="code"
          value={typed}
          required
          maxLength={500}
          size={48}
          autoComplete="off"
          spellCheck={false}
          aria-label={t("custody.ask")}
          placeholder={t("custody.ask")}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Input
          name="number"
          value={number}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          aria-label={t("custody.number")}
          placeholder={t("custody.number")}
          onChange={(event) => setNumber(event.target.value)}
        />
        <Button htmlType="submit" type="primary" loading={busy} disabled={!typed.trim()}>
          {t("custody.go")}
        </Button>
      </form>
      <p className="muted">{t("custody.text")}</p>
      {unknown(fault) ? (
        <EmptyState title={t("custody.none")} text={t("custody.none_text")} />
      ) : (
        <FaultNote error={fault} />
      )}
      {wanted && <Custody key={JSON.stringify(wanted)} of={wanted} />}
    </Part>
  );
}
