import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got } from "@/api/client";
import { useLive } from "@/api/live";
import { nameIn, useBuyers, useSkus } from "@/api/names";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { OrderDetail } from "@/parts/OrderDetail";
import { PlaceForBuyer } from "@/parts/orders/PlaceForBuyer";
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
  useListState,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

export interface OrderRow {
  id: string;
  order_no: string;
  client_order_no: string;
  buyer_id: string;
  buyer_name?: string | null;
  status: string;
  reason?: string;
  total: { amount: string; currency: string };
  verdict?: string;
  lines?: {
    sku_id: string;
    name_zh: string | null;
    name_en: string | null;
    quantity: number;
    delivered: number;
  }[];
  created_at?: string;
  placed_at?: string;
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
  const [, set] = useListState();
  const zone = useMe().mall.zone;
  const buyers = useBuyers();
  const buyerName = nameIn(buyers);
  const skus = useSkus();
  const said = useSaid();
  const goods = (o: OrderRow) =>
    (o.lines ?? [])
      .map(
        (one) => `${said({ zh: one.name_zh ?? "", en: one.name_en ?? "" }) || one.sku_id} × ${one.quantity}`,
      )
      .join(", ");
  const columns: Column<OrderRow>[] = [
    { id: "order_no", title: t("f.order_no"), cell: (o) => o.order_no },
    { id: "status", title: t("f.status"), cell: (o) => <StatusTag kind="order" code={o.status} /> },
    { id: "total", title: t("f.total"), cell: (o) => <Money value={o.total} />, end: true, sort: "amount" },
    { id: "buyer", title: t("f.buyer"), cell: (o) => o.buyer_name ?? buyerName(o.buyer_id) },
    {
      id: "placed_at",
      title: t("f.placed_at"),
      cell: (o) => <Time at={o.created_at ?? o.placed_at} />,
      sort: "created_at",
    },
    { id: "goods", title: t("f.goods"), cell: (o) => goods(o) || "–" },
    {
      id: "verdict",
      title: t("f.verdict"),
      cell: (o) => <StatusTag kind="verdict" code={o.verdict} />,
      hidden: true,
    },
    {
      id: "client_order_no",
      title: t("f.client_order_no"),
      cell: (o) => <CopyCode text={o.client_order_no} />,
    },
    { id: "reason", title: t("f.reason"), cell: (o) => word("reason", o.reason), hidden: true },
    { id: "id", title: t("f.id"), cell: (o) => <CopyCode text={o.id} />, hidden: true },
  ];
  return (
    <Screen
      title={t("nav.orders")}
      text={t("orders.text")}
      actions={<PlaceForBuyer placed={(open) => set({ open })} />}
    >
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
          {
            id: "mode",
            label: t("f.mode"),
            choices: ["stock", "manual", "supply"].map((value) => ({ value, label: word("mode", value) })),
          },
          { id: "amount_min", label: t("orders.amount_min") },
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        load={(search) => load(search, zone)}
        asked={(search) => asked(search, zone)}
        exports="orders"
        views
        bulk={{
          list: "orders",
          acts: [
            {
              action: "cancel",
              permission: "orders.write",
              danger: true,
              arg: { name: "reason", label: t("bulkbar.reason") },
            },
            { action: "resend_webhooks", permission: "notify.write" },
          ],
        }}
        news={(again) => <NewOrders again={again} />}
        totals={(search) => ask<Totals>("/console/v1/orders/totals", asked(search, zone))}
        detail={(id) => <OrderDetail id={id} />}
        detailTitle={(row, id) => row?.order_no ?? id}
        empty={{ title: t("orders.empty"), text: t("orders.empty_text") }}
      />
    </Screen>
  );
}

/** Orders that came since the rows were read: shown when somebody wants them, so that no row moves under a hand. */
function NewOrders({ again }: { again: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  useLive("orders", (told) => setCount((now) => now + told.placed));
  if (!count) return null;
  return (
    <button
      type="button"
      className="news"
      data-testid="new-orders"
      onClick={() => {
        setCount(0);
        again();
      }}
    >
      {t("news.orders", { count })}
    </button>
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ from, to, open: _, ...rest }: Search, zone: string): Search {
  return {
    ...rest,
    placed_from: from && startOf(from, zone),
    placed_to: to && startOf(to, zone, 1),
  };
}

/** The list of orders where the server has one; else whatever the number that was typed belongs to. */
async function load(search: Search, zone: string): Promise<Page<OrderRow>> {
  const page = await ask<Page<OrderRow>>("/console/v1/orders", { ...asked(search, zone), size: "50" });
  if (page) return page;
  if (!search.q) return { items: [], next: null };
  const { items } = await got(api.GET("/console/v1/cases", { params: { query: { number: search.q } } }));
  return { items: items.map((one) => one.order), next: null };
}
