import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { AskButton, CopyCode, DangerConfirm, Descriptions, Part, StatusTag, Time, useAct } from "@/ui";
import { KeyAddresses } from "./KeyAddresses";
import { LastUse } from "./LastUse";

type Key = Of<"KeyListedOut">;

export function stateOf(key: Key): string {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) < Date.now() ? "expired" : "active";
}

const SOON_MS = 14 * 86_400_000;

/** When a key ends, and that it is soon: its program wants another by then. */
export function KeyEnds({ held }: { held: Key }) {
  const { t } = useTranslation();
  if (!held.expires_at) return <>{t("dev.never_ends")}</>;
  const left = Date.parse(held.expires_at) - Date.now();
  return (
    <>
      <Time at={held.expires_at} />
      {!held.revoked_at && left > 0 && left < SOON_MS && (
        <span className="tag warn">{t("dev.ends_soon")}</span>
      )}
    </>
  );
}

export function KeyDetail({
  held,
  show,
}: {
  held: Key;
  show: (made: { id: string; secret: string }) => void;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const supplier = may("own.supply.write");
  const { own } = useRoot();
  const params = { path: { key_id: held.id } };
  const rotate = useAct(async () => {
    const body = { overlap_s: 86_400 };
    const made = own
      ? await got(api.POST("/console/v1/own/keys/{key_id}/rotate", { params, body }))
      : await got(api.POST("/console/v1/keys/{key_id}/rotate", { params, body }));
    if (made.secret) show({ id: made.id, secret: made.secret });
  }, "dev-keys");
  const revoke = useAct(
    () =>
      own
        ? got(api.POST("/console/v1/own/keys/{key_id}/revoke", { params }))
        : got(api.POST("/console/v1/keys/{key_id}/revoke", { params })),
    "dev-keys",
  );
  return (
    <>
      {!held.revoked_at && (may("own.keys.write") || may("keys.write")) && (
        <div className="acts">
          <KeyAddresses held={held} touched="dev-keys" />
          <AskButton
            label={t("dev.rotate")}
            effect={t("dev.rotate_text")}
            testid="rotate"
            run={() => rotate.mutateAsync(undefined)}
          />
          <DangerConfirm
            label={t("dev.revoke")}
            effect={t("dev.revoke_text")}
            type={held.id.slice(-6)}
            testid="revoke"
            run={() => revoke.mutateAsync(undefined)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.key"), <CopyCode key="k" text={held.id} />],
          [t("f.status"), <StatusTag key="s" kind="key" code={stateOf(held)} />],
          [t("dev.scopes"), held.scopes.join(" ")],
          [t("platform.used"), <LastUse key="u" of={held} />],
          [t("dev.addresses"), held.ip_allow.join(", ") || t("dev.anywhere")],
          held.old_secret_until ? [t("dev.old_until"), <Time key="o" at={held.old_secret_until} />] : null,
          [t("f.expires_at"), <KeyEnds key="e" held={held} />],
        ]}
      />
      {!supplier && (
        <Part title={t("dev.calls")}>
          <p>
            <Link to="/c/$org/dev" params={{ org: me.mall.slug }} search={{ tab: "calls", key_id: held.id }}>
              {t("dev.key_calls")}
            </Link>
          </p>
        </Part>
      )}
    </>
  );
}
