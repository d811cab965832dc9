import { useTranslation } from "react-i18next";
import { api, ask, got } from "@/api/client";
import { nameIn, useBuyers, useSkus } from "@/api/names";
import { useWord } from "@/i18n";
import { OrderDetail } from "@/parts/OrderDetail";
import {
  type Column,
  CopyCode,
  DataTable,
  Money,
  type Page,
  Screen,
  type Search,
  StatusTag,
  Time,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";

export interface OrderRow {
  id: string;
  order_no: string;
  client_order_no: string;
  buyer_id: string;
  buyer_name?: string;
  status: string;
  reason?: string;
  total: { amount: string; currency: string };
  placed_at: string;
}

const STATES = [
  "delivered",
  "processing",
  "review",
  "scheduled",
  "partially_delivered",
  "cancelled",
  "failed",
  "reversed",
];

export default function Orders() {
  const { t } = useTranslation();
  const word = useWord();
  const buyers = useBuyers();
  const buyerName = nameIn(buyers);
  const skus = useSkus();
  const columns: Column<OrderRow>[] = [
    { id: "order_no", title: t("f.order_no"), cell: (o) => o.order_no },
    { id: "status", title: t("f.status"), cell: (o) => <StatusTag kind="order" code={o.status} /> },
    { id: "total", title: t("f.total"), cell: (o) => <Money value={o.total} />, end: true, sort: "total" },
    { id: "buyer", title: t("f.buyer"), cell: (o) => o.buyer_name ?? buyerName(o.buyer_id) },
    { id: "placed_at", title: t("f.placed_at"), cell: (o) => <Time at={o.placed_at} />, sort: "placed_at" },
    {
      id: "client_order_no",
      title: t("f.client_order_no"),
      cell: (o) => <CopyCode text={o.client_order_no} />,
    },
    { id: "reason", title: t("f.reason"), cell: (o) => word("reason", o.reason), hidden: true },
    { id: "id", title: t("f.id"), cell: (o) => <CopyCode text={o.id} />, hidden: true },
  ];
  return (
    <Screen title={t("nav.orders")} text={t("orders.text")}>
      <DataTable<OrderRow>
        id="orders"
        label={t("nav.orders")}
        rowKey={(o) => o.id}
        columns={columns}
        find={t("orders.find")}
        filters={[
          {
            id: "status",
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("order", value) })),
          },
          {
            id: "buyer_id",
            label: t("f.buyer"),
            choices: buyers.map((b) => ({ value: b.id, label: b.name })),
          },
          {
            id: "sku_id",
            label: t("f.sku"),
            choices: [...skus.values()].map((s) => ({ value: s.id, label: `${s.code} ${s.name_zh}` })),
          },
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        load={load}
        totals={(search) => ask<Totals>("/console/v1/orders/totals", search)}
        detail={(id) => <OrderDetail id={id} />}
        detailTitle={(row, id) => row?.order_no ?? id}
        empty={{ title: t("orders.empty"), text: t("orders.empty_text") }}
      />
    </Screen>
  );
}

/** The list of orders where the server has one; else whatever the number that was typed belongs to. */
async function load(search: Search): Promise<Page<OrderRow>> {
  const page = await ask<Page<OrderRow>>("/console/v1/orders", { ...search, size: "50" });
  if (page) return page;
  if (!search.q) return { items: [], next: null };
  const { items } = await got(api.GET("/console/v1/cases", { params: { query: { number: search.q } } }));
  return { items: items.map((one) => one.order), next: null };
}
