import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName, useSupplierName } from "@/api/names";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { DataTable, Money, StatusTag, Time } from "@/ui";
import { PlanDetail } from "./PlanDetail";

type Plan = Of<"RestockOut">;
const STATES = ["proposed", "going", "done", "failed", "refused", "lapsed"] as const;

/** Plans that fill the shelf; those above their limit wait for somebody else than who set the policy. */
export function Plans() {
  const { t } = useTranslation();
  const word = useWord();
  const skuName = useSkuName();
  const supplier = useSupplierName();
  return (
    <DataTable<Plan>
      id="restocks"
      label={t("restock.plans")}
      rowKey={(one) => one.id}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (one) => skuName(one.sku_id) },
        {
          id: "status",
          title: t("f.status"),
          cell: (one) => <StatusTag kind="restock_status" code={one.status} />,
        },
        {
          id: "quantity",
          title: t("f.quantity"),
          cell: (one) => `${one.received.toLocaleString()} / ${one.quantity.toLocaleString()}`,
          end: true,
        },
        { id: "cost", title: t("f.cost"), cell: (one) => <Money value={one.unit_cost} unit />, end: true },
        { id: "amount", title: t("f.amount"), cell: (one) => <Money value={one.amount} />, end: true },
        { id: "supplier", title: t("f.supplier"), cell: (one) => supplier(one.supplier_id) },
        { id: "at", title: t("f.at"), cell: (one) => <Time at={one.proposed_at} near /> },
      ]}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("restock_status", value) })),
        },
      ]}
      load={({ cursor, status }) =>
        got(
          api.GET("/console/v1/restocks", {
            params: { query: { cursor, status: status as Plan["status"] | undefined, size: 50 } },
          }),
        )
      }
      detail={(id) => <PlanDetail id={id} />}
      detailTitle={(row, id) => (row ? skuName(row.sku_id) : id)}
      empty={{
        title: t("restock.no_plans"),
        text: t("restock.no_plans_text"),
        action: (
          <Go
            needs="supply.write"
            page="restock"
            search={{ tab: "policies" }}
            label={t("restock.policies")}
          />
        ),
      }}
    />
  );
}
