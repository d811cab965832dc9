import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { makePasskey, passkeysHere } from "@/api/passkey";
import { AskButton, Bones, Button, FaultNote, Input, Part, Small, Time, useAct } from "@/ui";
import { EnrolTotp } from "./EnrolTotp";
import { NewPassword } from "./NewPassword";
import { RecoveryCodes } from "./RecoveryCodes";

/** What one signs in with beside the password. */
export default function Factors() {
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>([]);
  const { data, error, refetch } = useQuery({
    queryKey: ["factors"],
    queryFn: () => got(api.GET("/console/v1/me/factors")),
  });
  const again = (): void => {
    for (const key of ["factors", "devices", "me"]) void queries.invalidateQueries({ queryKey: [key] });
  };
  const made = (recovery: string[]): void => {
    if (recovery.length) setCodes(recovery);
    else again();
  };
  if (codes.length)
    return (
      <RecoveryCodes
        codes={codes}
        done={() => {
          setCodes([]);
          again();
        }}
      />
    );
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  return (
    <>
      <NewPassword />
      <Totp since={data.totp_since} made={made} again={again} />
      <Passkeys rows={data.passkeys} made={made} again={again} />
      {(data.totp_since || data.passkeys.length > 0) && <Recovery left={data.recovery_left} made={made} />}
    </>
  );
}

interface Made {
  made: (recovery: string[]) => void;
  again: () => void;
}

function Totp({ since, made, again }: Made & { since: string | null | undefined }) {
  const { t } = useTranslation();
  const [enrolling, setEnrolling] = useState(false);
  const drop = useAct(() => got(api.DELETE("/console/v1/me/totp")).then(again));
  return (
    <Part title={t("security.totp")}>
      {enrolling ? (
        <EnrolTotp
          cancel={() => setEnrolling(false)}
          done={(recovery) => {
            setEnrolling(false);
            made(recovery);
          }}
        />
      ) : since ? (
        <div className="acts">
          <span>
            {t("security.since")} <Time at={since} />
          </span>
          <AskButton
            label={t("security.remove")}
            title={t("security.remove_totp")}
            effect={t("security.remove_text")}
            danger
            testid="drop-totp"
            run={() => drop.mutateAsync(undefined)}
          />
        </div>
      ) : (
        <>
          <p className="muted">{t("security.totp_text")}</p>
          <Button type="primary" data-testid="enrol-totp" onClick={() => setEnrolling(true)}>
            {t("security.enrol_totp")}
          </Button>
        </>
      )}
    </Part>
  );
}

function Passkeys({ rows, made, again }: Made & { rows: Of<"PasskeyOut">[] }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const add = useAct(async () => {
    const { options } = await got(api.POST("/console/v1/me/passkeys/options"));
    const credential = await makePasskey(options);
    const body = { name: name.trim(), credential };
    made((await got(api.POST("/console/v1/me/passkeys", { body }))).recovery_codes);
    setName("");
  });
  const drop = useAct((passkey_id: string) =>
    got(api.DELETE("/console/v1/me/passkeys/{passkey_id}", { params: { path: { passkey_id } } })).then(again),
  );
  return (
    <Part title={t("security.passkeys")}>
      <p className="muted">{t(passkeysHere ? "security.passkeys_text" : "signing.no_passkey")}</p>
      {rows.length > 0 && (
        <Small
          rows={rows}
          keyOf={(one) => one.id}
          none=""
          columns={[
            [t("f.name"), (one) => one.name],
            [t("f.created_at"), (one) => <Time at={one.created_at} />],
            [t("security.used_at"), (one) => (one.used_at ? <Time at={one.used_at} near /> : "–")],
            [
              "",
              (one) => (
                <AskButton
                  label={t("security.remove")}
                  title={t("security.remove_passkey", { name: one.name })}
                  effect={t("security.remove_text")}
                  danger
                  run={() => drop.mutateAsync(one.id)}
                />
              ),
              "end",
            ],
          ]}
        />
      )}
      {passkeysHere && (
        <form
          className="acts"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(undefined);
          }}
        >
          <Input
            value={name}
            required
            maxLength={60}
            aria-label={t("security.passkey_name")}
            placeholder={t("security.passkey_name")}
            onChange={(event) => setName(event.target.value)}
          />
          <Button htmlType="submit" loading={add.isPending} data-testid="add-passkey">
            {t("security.add_passkey")}
          </Button>
        </form>
      )}
    </Part>
  );
}

function Recovery({ left, made }: { left: number; made: (recovery: string[]) => void }) {
  const { t } = useTranslation();
  const renew = useAct(() =>
    got(api.POST("/console/v1/me/recovery-codes")).then((found) => made(found.recovery_codes)),
  );
  return (
    <Part title={t("security.recovery")}>
      <div className="acts">
        <span>{t("security.recovery_left", { left })}</span>
        <AskButton
          label={t("security.renew")}
          effect={t("security.renew_text")}
          testid="renew-recovery"
          run={() => renew.mutateAsync(undefined)}
        />
      </div>
    </Part>
  );
}
