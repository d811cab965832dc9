import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { Bones, Descriptions, FaultNote, Money, Part, Small } from "@/ui";
import { FormButton } from "@/ui/form";

/** What the mall may spend on its shelf in a month, and what was spent of it. */
export function Budget() {
  const { t } = useTranslation();
  const may = useMay();
  const skuName = useSkuName();
  const { data, error, refetch } = useQuery({
    queryKey: ["restock-limits"],
    queryFn: () => got(api.GET("/console/v1/restock/limits")),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  return (
    <>
      <Part title={t("restock.budget")} actions={may("approvals.decide") && <LimitsForm of={data} />}>
        {data.version === 0 ? (
          <p className="note">{t("restock.no_budget")}</p>
        ) : (
          <Descriptions
            pairs={[
              [t("restock.monthly_budget"), <Money key="b" value={data.monthly_budget} />],
              [t("restock.approval_above"), <Money key="a" value={data.approval_above} />],
            ]}
          />
        )}
      </Part>
      <Part title={t("restock.this_month")}>
        <Small
          rows={data.budgets}
          keyOf={(one) => `${one.sku_id ?? "mall"} ${one.month}`}
          none={t("restock.nothing_spent")}
          columns={[
            [t("f.sku"), (one) => (one.sku_id ? skuName(one.sku_id) : t("guard.whole_mall"))],
            [t("restock.monthly_budget"), (one) => <Money value={one.limit} />, "end"],
            [t("restock.committed"), (one) => <Money value={one.committed} />, "end"],
            [t("restock.spent"), (one) => <Money value={one.spent} />, "end"],
          ]}
        />
      </Part>
    </>
  );
}

function LimitsForm({ of }: { of: Of<"RestockLimitsOut"> }) {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  const own = of.version > 0;
  return (
    <FormButton
      name="restock-limits"
      label={t("restock.set_budget")}
      primary={!own}
      touched={["restock-limits", "restocks"]}
      fields={[
        {
          kind: "money",
          name: "monthly_budget",
          label: t("restock.monthly_budget"),
          currency,
          must: true,
          hint: t("restock.mall_budget_hint"),
        },
        {
          kind: "money",
          name: "approval_above",
          label: t("restock.approval_above"),
          currency,
          must: true,
          hint: t("restock.approval_hint"),
        },
      ]}
      first={
        own ? { monthly_budget: of.monthly_budget.amount, approval_above: of.approval_above.amount } : {}
      }
      version={of.version}
      send={(sent, { version }) =>
        got(
          api.PUT("/console/v1/restock/limits", {
            body: { ...sent, version } as unknown as Of<"RestockLimitsIn">,
          }),
        )
      }
    />
  );
}
