import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, Input, TextArea, useAct } from "@/ui";

const SCOPES = [
  ["orders:write", "dev.scope.orders_write"],
  ["orders:read", "dev.scope.orders_read"],
  ["codes:read", "dev.scope.codes_read"],
  ["catalog:read", "dev.scope.catalog_read"],
  ["balance:read", "dev.scope.balance_read"],
  ["webhooks:write", "dev.scope.webhooks_write"],
] as const;

const MODES = [
  ["live", "mode.live", "dev.mode_live"],
  ["test", "mode.test", "dev.mode_test"],
] as const;

const SUPPLY_SCOPES = [
  ["supply:provide", "supply.scope_provide"],
  ["webhooks:write", "dev.scope.webhooks_write"],
] as const;

export function IssueKey({
  show,
  sandbox,
}: {
  show: (made: { id: string; secret: string }) => void;
  sandbox: boolean;
}) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<"live" | "test">("live");
  const [name, setName] = useState("");
  const [networks, setNetworks] = useState("");
  const supplier = useMay()("own.supply.write");
  const [scopes, setScopes] = useState<readonly string[]>(
    supplier ? ["supply:provide"] : ["orders:write", "orders:read", "catalog:read", "balance:read"],
  );
  const issue = useAct(() => {
    const body = {
      name: name.trim(),
      scopes: [...scopes],
      ip_allow: networks.split(/[\s,]+/).filter(Boolean),
    };
    return got(
      supplier
        ? api.POST("/console/v1/own/supply-keys", { body })
        : api.POST("/console/v1/own/keys", { body: { ...body, mode } }),
    );
  }, "dev-keys");
  const toggle = (scope: string): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <p className="acts gap">
      <AskButton
        primary
        label={t("dev.issue")}
        effect={
          supplier ? t("dev.issue_supplier") : mode === "test" ? t("dev.issue_test") : t("dev.issue_text")
        }
        ready={!!name.trim() && scopes.length > 0}
        testid="issue"
        run={async () => {
          show(await issue.mutateAsync(undefined));
          setName("");
        }}
      >
        <label className="field">
          <span>{t("f.name")}</span>
          <Input
            name="key-name"
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {sandbox && (
          <fieldset className="field">
            <legend>{t("dev.mode")}</legend>
            {MODES.map(([one, name, text]) => (
              <label key={one}>
                <input
                  type="radio"
                  name="key-mode"
                  value={one}
                  checked={mode === one}
                  onChange={() => setMode(one)}
                />{" "}
                {t(name)} <span className="muted">· {t(text)}</span>
                <br />
              </label>
            ))}
          </fieldset>
        )}
        <fieldset className="field">
          <legend>{t("dev.scopes")}</legend>
          {(supplier ? SUPPLY_SCOPES : SCOPES).map(([scope, word]) => (
            <label key={scope}>
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />{" "}
              {t(word)} <code>{scope}</code>
              <br />
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>{t("dev.addresses_ask")}</span>
          <TextArea value={networks} onChange={(event) => setNetworks(event.target.value)} />
        </label>
      </AskButton>
    </p>
  );
}
