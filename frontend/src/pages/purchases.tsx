import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useConnectionName, useSkuName, useSupplierName } from "@/api/names";
import { Go } from "@/parts/Go";
import { PurchaseDetail } from "@/parts/PurchaseDetail";
import { CopyCode, DataTable, Money, Screen, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Row = Of<"PurchaseOut">;

export default function Purchases() {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const supplier = useSupplierName();
  const connection = useConnectionName();
  return (
    <Screen title={t("nav.purchases")} text={t("purchases.text")}>
      <DataTable<Row>
        id="purchases"
        label={t("nav.purchases")}
        rowKey={(p) => p.id}
        poll={15_000}
        columns={[
          { id: "sku", title: t("f.sku"), cell: (p) => skuName(p.sku_id) },
          {
            id: "status",
            title: t("f.status"),
            cell: (p) => <StatusTag kind="purchase" code={p.status} />,
          },
          {
            id: "supplier",
            title: t("f.supplier"),
            cell: (p) => supplier(p.supplier_id),
          },
          {
            id: "connection",
            title: t("f.connection"),
            cell: (p) => connection(p.connection_id),
            hidden: true,
          },
          {
            id: "quantity",
            title: t("f.quantity"),
            cell: (p) => p.quantity,
            end: true,
          },
          { id: "most", title: t("f.most_unit"), cell: (p) => <Money value={p.most_unit} unit />, end: true },
          { id: "said", title: t("f.said"), cell: (p) => p.said || p.reason || "–" },
          { id: "asked", title: t("f.asked"), cell: (p) => p.asked, value: (p) => p.asked, end: true },
          {
            id: "since",
            title: t("f.people_since"),
            cell: (p) => <Time at={p.people_since} near />,
            sort: "people_since",
          },
          {
            id: "called",
            title: t("f.called_at"),
            cell: (p) => <Time at={p.called_at} />,
            sort: "called_at",
            hidden: true,
          },
          {
            id: "ref",
            title: t("f.supplier_ref"),
            cell: (p) => (p.supplier_ref ? <CopyCode text={p.supplier_ref} /> : "–"),
          },
        ]}
        find={t("purchases.find")}
        filters={[
          {
            id: "supplier_id",
            not: true,
            label: t("f.supplier"),
            pick: "supplier",
          },
          {
            id: "connection_id",
            not: true,
            label: t("f.connection"),
            pick: "connection",
          },
          {
            id: "sku_id",
            not: true,
            label: t("f.sku"),
            pick: "sku",
          },
        ]}
        views
        load={(search) =>
          got(api.GET("/console/v1/purchases", { params: { query: { ...search, size: 50 } as never } }))
        }
        totals={(search) => ask<Totals>("/console/v1/purchases/totals", search)}
        detail={(_id, row) => row && <PurchaseDetail row={row} />}
        detailTitle={(row, id) => (row ? skuName(row.sku_id) : id)}
        empty={{
          title: t("purchases.empty"),
          text: t("purchases.empty_text"),
          action: <Go needs="supply.read" page="connections" label={t("nav.connections")} />,
        }}
      />
    </Screen>
  );
}
