import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { WorkDetail } from "@/parts/WorkDetail";
import { CopyCode, DataTable, Money, Screen, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Row = Of<"WorkOut">;
const STATES = ["review", "waiting", "working"];

export default function Work() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  return (
    <Screen title={t("nav.work")} text={t("work.text")}>
      <DataTable<Row>
        id="work"
        label={t("nav.work")}
        rowKey={(w) => `${w.order_id}.${w.line_no}`}
        poll={15_000}
        filters={[
          {
            id: "status",
            not: true,
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("line", value) })),
          },
          {
            id: "buyer_id",
            not: true,
            label: t("f.buyer"),
            pick: "buyer",
          },
          { id: "mine", label: t("work.mine"), choices: [{ value: "true", label: t("yes") }] },
        ]}
        columns={[
          { id: "sku", title: t("f.sku"), cell: (w) => said({ zh: w.sku_zh, en: w.sku_en }) },
          {
            id: "status",
            title: t("f.status"),
            cell: (w) => <StatusTag kind="line" code={w.status} />,
          },
          {
            id: "quantity",
            title: t("f.quantity"),
            cell: (w) => w.quantity.toLocaleString(),
            end: true,
          },
          {
            id: "amount",
            title: t("f.amount"),
            cell: (w) => <Money value={w.amount} />,
            sort: "amount",
            end: true,
          },
          { id: "target", title: t("f.target"), cell: (w) => w.target ?? "–" },
          { id: "buyer", title: t("f.buyer"), cell: (w) => w.buyer_name },
          {
            id: "since",
            title: t("f.since"),
            cell: (w) => <Time at={w.since} near />,
            sort: "created_at",
          },
          {
            id: "late_at",
            title: t("f.late_at"),
            cell: (w) => <Time at={w.late_at} near />,
          },
          { id: "reason", title: t("f.reason"), cell: (w) => word("reason", w.reason) },
          {
            id: "order",
            title: t("f.client_order_no"),
            cell: (w) => <CopyCode text={w.client_order_no} />,
            hidden: true,
          },
        ]}
        load={({ open: _, ...search }) =>
          got(api.GET("/console/v1/work", { params: { query: { ...search, size: 50 } as never } }))
        }
        totals={({ open: _, ...search }) => ask<Totals>("/console/v1/work/totals", search)}
        views
        bulk={{
          list: "work",
          subject: (w) => ({ id: w.order_id, line_no: w.line_no }),
          acts: [
            { action: "give_back", permission: "fulfilment.write" },
            {
              action: "fail",
              permission: "fulfilment.write",
              danger: true,
              final: true,
              arg: { name: "reason", label: t("bulkbar.reason") },
            },
          ],
        }}
        detail={(id, row) => <WorkDetail id={id} row={row} />}
        detailTitle={(row, id) => (row ? said({ zh: row.sku_zh, en: row.sku_en }) : id)}
        empty={{
          title: t("work.empty"),
          text: t("work.empty_text"),
          action: <Go needs="orders.read" page="orders" label={t("nav.orders")} />,
        }}
      />
    </Screen>
  );
}
