import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { OrderDetail } from "@/parts/OrderDetail";
import { type OrderRow, useOrderColumns } from "@/parts/orders/columns";
import { FilesOfBuyers, InBulk } from "@/parts/orders/InBulk";
import { PlaceForBuyer } from "@/parts/orders/PlaceForBuyer";
import { Sample } from "@/parts/Sample";
import { DataTable, type Page, PageTabs, Screen, type Search, useListState } from "@/ui";
import { useHeard } from "@/ui/hold";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

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

/** Orders one by one, in bulk for a buyer, and the files of what was ordered in bulk. */
export default function Orders() {
  const { t } = useTranslation();
  const may = useMay();
  const [search, set] = useListState();
  const tabs = [
    { id: "orders", label: t("nav.orders"), show: <List />, may: true },
    { id: "bulk", label: t("inbulk.label"), show: <InBulk />, may: may("orders.place") },
    { id: "files", label: t("inbulk.files"), show: <FilesOfBuyers />, may: true },
  ].filter((tab) => tab.may);
  const shown = tabs.find((tab) => tab.id === search.tab) ?? tabs[0];
  return (
    <Screen
      title={t("nav.orders")}
      text={t("orders.text")}
      actions={shown?.id === "orders" && <PlaceForBuyer placed={(open) => set({ open })} />}
    >
      <PageTabs label={t("nav.orders")} tabs={tabs} />
      {shown?.show}
    </Screen>
  );
}

function List() {
  const { t } = useTranslation();
  useHeard("orders", "orders");
  const word = useWord();
  const [search] = useListState();
  const navigate = useNavigate();
  const me = useMe();
  const zone = me.mall.zone;
  const columns = useOrderColumns();
  return (
    <DataTable<OrderRow>
      id="orders"
      label={t("nav.orders")}
      rowKey={(o) => o.id}
      columns={columns}
      find={t("orders.find")}
      filters={[
        {
          id: "status",
          not: true,
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("order", value) })),
        },
        {
          id: "buyer_id",
          not: true,
          label: t("f.buyer"),
          pick: "buyer",
        },
        {
          id: "sku_id",
          not: true,
          label: t("f.sku"),
          pick: "sku",
        },
        {
          id: "mode",
          not: true,
          label: t("f.mode"),
          choices: ["stock", "manual", "supply"].map((value) => ({ value, label: word("mode", value) })),
        },
        { id: "amount_min", label: t("orders.amount_min"), rare: true },
        { id: "amount_max", label: t("orders.amount_max"), rare: true },
        { id: "supplier_id", not: true, label: t("f.supplier"), pick: "supplier", rare: true },
        {
          id: "verdict",
          not: true,
          label: t("f.verdict"),
          choices: ["allow", "review"].map((value) => ({ value, label: word("verdict", value) })),
          rare: true,
        },
        { id: "channel", not: true, label: t("own.f.channel"), rare: true },
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
            final: true,
            arg: { name: "reason", label: t("bulkbar.reason") },
          },
          { action: "resend_webhooks", permission: "notify.write" },
        ],
      }}
      totals={(search) => ask<Totals>("/console/v1/orders/totals", asked(search, zone))}
      detail={(id) => <OrderDetail id={id} />}
      toPage={(id) =>
        void navigate({
          to: "/c/$org/orders/$id",
          params: { org: me.mall.slug, id },
          search: { part: search.part },
        })
      }
      detailTitle={(row, id) => row?.order_no ?? id}
      empty={{
        title: t("orders.empty"),
        text: t("orders.empty_text"),
        action: (
          <>
            <Go needs="orders.place" page="orders" search={{ form: "order" }} label={t("byhand.label")} />
            <Sample page="orders" />
          </>
        ),
      }}
    />
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ from, to, open: _, tab: _tab, part: _part, ...rest }: Search, zone: string): Search {
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
