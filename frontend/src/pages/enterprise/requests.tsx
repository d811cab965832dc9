import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useDepartments } from "@/parts/enterprise/departments";
import { RequestDetail } from "@/parts/enterprise/RequestDetail";
import { RequestForm } from "@/parts/enterprise/RequestForm";
import { type Request, RequestTag, useGoodName } from "@/parts/enterprise/requests";
import { Button, DataTable, Money, PageTabs, Screen, Time, useListState } from "@/ui";

const STATES = ["asked", "approved", "placed", "refused", "withdrawn", "failed"] as const;
const TABS = ["to_decide", "mine", "all"] as const;

/** Requests to buy: to decide, one's own, all that one may see. */
export default function Requests() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const name = useGoodName();
  const [search, set] = useListState();
  const departments = useDepartments();
  const whose = TABS.find((one) => one === search.tab) ?? "to_decide";
  const empty = {
    to_decide: [t("enterprise.empty_to_decide"), t("enterprise.empty_to_decide_text")],
    mine: [t("enterprise.empty_mine"), t("enterprise.empty_mine_text")],
    all: [t("enterprise.empty_all"), t("enterprise.empty_all_text")],
  } as const;
  const asks = may("own.requests.write");
  const ask = asks && (
    <Button type="primary" data-testid="ask" onClick={() => set({ new: "1" })}>
      {t("enterprise.ask")}
    </Button>
  );
  return (
    <Screen title={t("nav.requests")} text={t("enterprise.requests_text")} actions={ask}>
      <PageTabs label={t("nav.requests")} tabs={TABS.map((id) => ({ id, label: word("whose", id) }))} />
      <DataTable<Request>
        key={whose}
        id="requests"
        label={t("nav.requests")}
        rowKey={(r) => r.id}
        poll={15_000}
        filters={[
          {
            id: "status",
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("request", value) })),
          },
          {
            id: "department_id",
            label: t("enterprise.department"),
            of: departments,
            choices: (departments.data?.items ?? []).map((d) => ({ value: d.id, label: d.name })),
          },
        ]}
        columns={[
          {
            id: "goods",
            title: t("f.goods"),
            cell: (r) => r.lines.map((line) => `${name(line.sku_id)} × ${line.quantity}`).join(", "),
          },
          { id: "status", title: t("f.status"), cell: (r) => <RequestTag one={r} />, value: (r) => r.status },
          {
            id: "amount",
            title: t("f.amount"),
            cell: (r) => <Money value={r.amount} />,
            value: (r) => Number(r.amount.amount),
            end: true,
          },
          {
            id: "department",
            title: t("enterprise.department"),
            cell: (r) => r.department,
            value: (r) => r.department,
          },
          { id: "asker", title: t("enterprise.asker"), cell: (r) => r.asker, value: (r) => r.asker },
          {
            id: "reason",
            title: t("f.reason"),
            cell: (r) => <span className="wrap">{r.reason || "–"}</span>,
          },
          {
            id: "asked_at",
            title: t("enterprise.asked_at"),
            cell: (r) => <Time at={r.asked_at} near />,
            value: (r) => r.asked_at,
          },
          { id: "decider", title: t("enterprise.decider"), cell: (r) => r.decider ?? "–", hidden: true },
        ]}
        load={({ status, department_id, cursor }) =>
          got(
            api.GET("/console/v1/own/requests", {
              params: {
                query: {
                  whose,
                  status: status ? [status as Request["status"]] : undefined,
                  department_id,
                  cursor,
                  size: 50,
                },
              },
            }),
          )
        }
        detail={(id) => <RequestDetail id={id} />}
        detailTitle={(row, id) => (row ? `${row.asker} · ${row.department}` : id)}
        empty={{
          title: empty[whose][0],
          text: empty[whose][1],
          action: ask || undefined,
        }}
      />
      {asks && (
        <RequestForm
          open={search.new === "1"}
          close={() => set({ new: undefined })}
          done={(id) => set({ new: undefined, tab: "mine", open: id })}
        />
      )}
    </Screen>
  );
}
