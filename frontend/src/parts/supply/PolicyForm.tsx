import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useChoices } from "@/i18n/choices";
import { FormButton, type Values } from "@/ui/form";

function valuesOf({ version: _version, ...policy }: Of<"RoutePolicyOut">): Values {
  return policy;
}

export function PolicyForm({ sku, policy }: { sku: string; policy: Of<"RoutePolicyOut"> }) {
  const { t } = useTranslation();
  const choices = useChoices();
  return (
    <FormButton
      name={`policy-${sku}`}
      label={t("supply.policy")}
      touched={["offers"]}
      fields={[
        {
          kind: "choice",
          name: "strategy",
          label: t("supply.strategy"),
          must: true,
          choices: choices("supply_strategy", ["cheapest", "quality", "weighted", "sticky"]),
        },
        {
          kind: "whole",
          name: "tries",
          label: t("supply.tries"),
          must: true,
          least: 1,
          most: 10,
          half: true,
          hint: t("supply.tries_hint"),
        },
        {
          kind: "whole",
          name: "patience_s",
          label: t("supply.patience"),
          must: true,
          least: 0,
          most: 604_800,
          unit: t("supply.seconds"),
          half: true,
          hint: t("supply.patience_hint"),
        },
        {
          kind: "choice",
          name: "exhausted",
          label: t("supply.exhausted"),
          must: true,
          choices: choices("supply_exhausted", ["fail", "people"]),
        },
      ]}
      first={valuesOf(policy)}
      version={policy.version}
      fresh={async () => {
        const now = await got(
          api.GET("/console/v1/skus/{sku_id}/route", { params: { path: { sku_id: sku } } }),
        );
        return { values: valuesOf(now.policy), version: now.policy.version };
      }}
      send={(sent, { version }) =>
        got(
          api.PUT("/console/v1/skus/{sku_id}/supply-policy", {
            params: { path: { sku_id: sku } },
            body: { ...sent, version } as unknown as Of<"PolicyIn">,
          }),
        )
      }
    />
  );
}
