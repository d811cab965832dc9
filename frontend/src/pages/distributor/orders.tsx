import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { MyOrder } from "@/parts/MyOrder";
import {
  type Column,
  CopyCode,
  DataTable,
  Money,
  Screen,
  type Search,
  StatusTag,
  Time,
  useListState,
} from "@/ui";
import { useHeard } from "@/ui/hold";
import { startOf } from "@/ui/Time";

type Row = Of<"MyOrderRow">;

const STATES = [
  "delivered",
  "processing",
  "review",
  "scheduled",
  "partially_delivered",
  "cancelled",
  "failed",
  "reversed",
] as const;

/** One's own orders, and the codes that came of them. */
export default function MyOrders() {
  const { t } = useTranslation();
  useHeard("own_orders", "own-orders");
  const word = useWord();
  const said = useSaid();
  const zone = useMe().mall.zone;
  const [search] = useListState();
  const goods = (o: Row) =>
    o.lines
      .map(
        (one) => `${said({ zh: one.name_zh ?? "", en: one.name_en ?? "" }) || one.sku_id} × ${one.quantity}`,
      )
      .join(", ");
  const columns: Column<Row>[] = [
    { id: "order_no", title: t("f.order_no"), cell: (o) => o.order_no },
    { id: "status", title: t("f.status"), cell: (o) => <StatusTag kind="order" code={o.status} /> },
    { id: "total", title: t("f.total"), cell: (o) => <Money value={o.total} />, end: true, sort: "amount" },
    { id: "goods", title: t("f.goods"), cell: (o) => <span title={goods(o)}>{goods(o) || "–"}</span> },
    { id: "placed_at", title: t("f.placed_at"), cell: (o) => <Time at={o.created_at} />, sort: "created_at" },
    {
      id: "client_order_no",
      title: t("f.client_order_no"),
      cell: (o) => <CopyCode text={o.client_order_no} />,
    },
    { id: "channel", title: t("own.f.channel"), cell: (o) => <code>{o.channel}</code>, hidden: true },
    { id: "reason", title: t("f.reason"), cell: (o) => word("reason", o.reason), hidden: true },
  ];
  return (
    <Screen
      title={t("nav.my-orders")}
      text={t("own.orders.text")}
      actions={
        <a
          href={`/console/v1/own/orders/export?${new URLSearchParams(clean(asked(search, zone)))}`}
          download
          data-testid="export"
        >
          {t("own.orders.export")}
        </a>
      }
    >
      <DataTable<Row>
        id="own-orders"
        label={t("nav.my-orders")}
        rowKey={(o) => o.id}
        columns={columns}
        find={t("own.orders.find")}
        filters={[
          {
            id: "status",
            not: true,
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("order", value) })),
          },
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        load={(now) => {
          const { status, status_not, ...rest } = asked(now, zone);
          const query = {
            ...rest,
            status: status ? [status as Row["status"] as "delivered"] : undefined,
            status_not: status_not ? [status_not as "delivered"] : undefined,
            size: 50,
          };
          return got(api.GET("/console/v1/own/orders", { params: { query } }));
        }}
        totals={(now) => {
          const { status, status_not, sort: _, cursor: __, ...rest } = asked(now, zone);
          const query = {
            ...rest,
            status: status ? [status as "delivered"] : undefined,
            status_not: status_not ? [status_not as "delivered"] : undefined,
          };
          return got(api.GET("/console/v1/own/orders/totals", { params: { query } }));
        }}
        detail={(id) => <MyOrder id={id} />}
        detailTitle={(row, id) => row?.order_no ?? id}
        empty={{
          title: t("own.orders.empty"),
          text: t("own.orders.empty_text"),
          action: <Go needs="own.catalog.read" page="market" label={t("nav.market")} />,
        }}
      />
    </Screen>
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ from, to, q, status, status_not, sort, cursor }: Search, zone: string) {
  return {
    q,
    status,
    status_not,
    sort,
    cursor,
    placed_from: from && startOf(from, zone),
    placed_to: to && startOf(to, zone, 1),
  };
}

function clean(search: Record<string, string | undefined>): Record<string, string> {
  const { sort: _, cursor: __, ...rest } = search;
  return Object.fromEntries(Object.entries(rest).filter((pair): pair is [string, string] => !!pair[1]));
}
