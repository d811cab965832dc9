import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName, useSupplierName } from "@/api/names";
import { DataTable, Money, StatusTag, Time } from "@/ui";

type Row = Of<"DeclaredOut">;

/** What suppliers who are people say that they have, and what of it may still be asked for. */
export function Declared() {
  const { t } = useTranslation();
  const supplier = useSupplierName();
  const sku = useSkuName();
  return (
    <>
      <p className="muted gap">{t("kyb.declared_text")}</p>
      <DataTable<Row>
        id="declared"
        label={t("kyb.declared")}
        rowKey={(one) => one.offer_id}
        columns={[
          { id: "sku", title: t("f.sku"), cell: (one) => sku(one.sku_id), value: (one) => sku(one.sku_id) },
          { id: "supplier", title: t("f.supplier"), cell: (one) => supplier(one.supplier_id) },
          {
            id: "status",
            title: t("f.status"),
            cell: (one) => (
              <StatusTag kind="offer" code={one.on ? "on" : "off"} tone={one.on ? "good" : undefined} />
            ),
          },
          { id: "cost", title: t("f.cost"), cell: (one) => <Money value={one.unit_cost} unit />, end: true },
          {
            id: "stock",
            title: t("kyb.declared"),
            cell: (one) => one.stock,
            value: (o) => o.stock,
            end: true,
          },
          { id: "asked", title: t("kyb.asked"), cell: (one) => one.asked, value: (o) => o.asked, end: true },
          { id: "free", title: t("kyb.free"), cell: (one) => one.free, value: (o) => o.free, end: true },
          { id: "at", title: t("kyb.declared_at"), cell: (one) => <Time at={one.declared_at} near /> },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/declared", { params: { query: { cursor, size: 50 } } }))
        }
        empty={{ title: t("kyb.no_declared"), text: t("kyb.no_declared_text") }}
      />
    </>
  );
}
