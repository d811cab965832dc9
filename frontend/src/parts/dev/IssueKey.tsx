import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { type Field, FormButton } from "@/ui/form";

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
  const supplier = useMay()("own.supply.write");
  const fields: Field[] = [
    { kind: "text", name: "name", label: t("f.name"), must: true, most: 80 },
    {
      kind: "choice",
      name: "mode",
      label: t("dev.mode"),
      must: true,
      when: () => sandbox && !supplier,
      choices: MODES.map(([value, name, text]) => ({ value, label: `${t(name)} · ${t(text)}` })),
    },
    {
      kind: "many",
      name: "scopes",
      label: t("dev.scopes"),
      must: true,
      choices: (supplier ? SUPPLY_SCOPES : SCOPES).map(([value, word]) => ({
        value,
        label: `${t(word)} (${value})`,
      })),
    },
    { kind: "list", name: "ip_allow", label: t("dev.addresses_ask"), example: "203.0.113.0/24" },
    { kind: "moment", name: "expires_at", label: t("f.expires_at"), hint: t("key.expires_hint") },
  ];
  return (
    <p className="acts gap">
      <FormButton<{ id: string; secret: string }>
        name="key"
        label={t("dev.issue")}
        primary
        touched={["dev-keys"]}
        fields={fields}
        first={{
          name: "",
          mode: "live",
          scopes: supplier
            ? ["supply:provide"]
            : ["orders:write", "orders:read", "catalog:read", "balance:read"],
          ip_allow: "",
          expires_at: "",
        }}
        send={({ mode, ...sent }) =>
          got(
            supplier
              ? api.POST("/console/v1/own/supply-keys", { body: sent as unknown as Of<"KeyIn"> })
              : api.POST("/console/v1/own/keys", {
                  body: { ...sent, mode: mode ?? "live" } as unknown as Of<"BuyerKeyIn">,
                }),
          )
        }
        done={show}
      >
        {(values) => (
          <p className="effect">
            {supplier
              ? t("dev.issue_supplier")
              : values.mode === "test"
                ? t("dev.issue_test")
                : t("dev.issue_text")}
          </p>
        )}
      </FormButton>
    </p>
  );
}
