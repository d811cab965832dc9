import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Objections } from "@/parts/Objections";
import { Lacking, Lines } from "@/parts/SettlementLines";
import {
  Bones,
  Button,
  CopyCode,
  DataTable,
  Descriptions,
  EmptyState,
  FaultNote,
  Money,
  PageTabs,
  Screen,
  StatusTag,
  Time,
  useListState,
} from "@/ui";

type Day = Of<"DayOut">;
export interface Part {
  connection: string;
  filter: { id: string; label: string; choices: { value: string; label: string }[] };
}

export default function MySettlement() {
  const { t } = useTranslation();
  const [search] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["my-links", "names"],
    queryFn: () => got(api.GET("/console/v1/own/connections")),
  });
  const links = data?.items ?? [];
  const connection = search.connection_id ?? links[0]?.id;
  const filter = {
    id: "connection_id",
    label: t("f.connection"),
    choices: links.map((one) => ({ value: one.id, label: one.name })),
  };
  const tabs = ["days", "lines", "objections", "payments"] as const;
  const tab = search.tab ?? "days";
  return (
    <Screen title={t("nav.my-settlement")} text={t("supply.settlement_text")}>
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      {connection && (
        <>
          <PageTabs
            label={t("nav.my-settlement")}
            tabs={tabs.map((id) => ({ id, label: t(`supply.${id}` as const) }))}
          />
          {tab === "days" && <Days connection={connection} filter={filter} />}
          {tab === "lines" && <Lines connection={connection} filter={filter} />}
          {tab === "objections" && <Objections own />}
          {tab === "payments" && <Payments connection={connection} filter={filter} />}
        </>
      )}
      {data && !connection && <EmptyState title={t("supply.no_links")} text={t("supply.no_links_text")} />}
    </Screen>
  );
}

function Days({ connection, filter }: Part) {
  const { t } = useTranslation();
  return (
    <DataTable<Day>
      id="my-days"
      label={t("supply.days")}
      rowKey={(d) => d.day}
      filters={[filter]}
      columns={[
        { id: "day", title: t("f.day"), cell: (d) => d.day, value: (d) => d.day },
        {
          id: "status",
          title: t("f.status"),
          cell: (d) => (
            <StatusTag kind="day" code={d.status} tone={d.status === "closed" ? "good" : "wait"} />
          ),
          value: (d) => d.status,
        },
        { id: "yours", title: t("supply.yours"), cell: (d) => <Money value={d.theirs} />, end: true },
        { id: "malls", title: t("supply.malls"), cell: (d) => <Money value={d.ours} />, end: true },
        {
          id: "difference",
          title: t("reconcile.difference"),
          cell: (d) => <Money value={d.difference} />,
          end: true,
        },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/own/connections/{connection_id}/days", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      detail={(_id, row) => row && <DayDetail key={row.day} row={row} connection={connection} />}
      detailTitle={(row, id) => row?.day ?? id}
      empty={{ title: t("supply.no_days"), text: t("supply.no_days_text") }}
    />
  );
}

function DayDetail({ row, connection }: { row: Day; connection: string }) {
  const { t } = useTranslation();
  const [, set] = useListState();
  return (
    <>
      <div className="acts gap">
        <Button
          type="primary"
          data-testid="to-lines"
          onClick={() => set({ open: undefined, cursor: undefined, tab: "lines", day: row.day })}
        >
          {t("supply.lines")}
        </Button>
        <a href={`/console/v1/own/connections/${connection}/days/${row.day}/papers`} download>
          {t("supply.papers")}
        </a>
      </div>
      <Descriptions
        pairs={[
          [t("supply.yours"), <Money key="t" value={row.theirs} />],
          [t("supply.malls"), <Money key="o" value={row.ours} />],
          [t("reconcile.difference"), <Money key="d" value={row.difference} />],
          [t("supply.differing"), row.open],
          row.closing ? [t("reconcile.closing"), <Money key="c" value={row.closing} />] : null,
          row.pack_sha256 ? [t("supply.pack"), <CopyCode key="p" text={row.pack_sha256} />] : null,
          [t("f.ended_at"), <Time key="e" at={row.closed_at} />],
        ]}
      />
      <Lacking connection={connection} day={row.day} closed={row.status === "closed"} />
    </>
  );
}

function Payments({ connection, filter }: Part) {
  const { t } = useTranslation();
  return (
    <DataTable<Of<"MyPaymentOut">>
      id="my-payments"
      label={t("supply.payments")}
      rowKey={(p) => p.id}
      filters={[filter]}
      columns={[
        { id: "at", title: t("f.at"), cell: (p) => <Time at={p.at} />, value: (p) => p.at },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (p) => <Money value={p.amount} />,
          value: (p) => Number(p.amount.amount),
          end: true,
        },
        {
          id: "reference",
          title: t("supply.reference"),
          cell: (p) => p.reference,
          value: (p) => p.reference,
        },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/own/connections/{connection_id}/payments", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      empty={{ title: t("supply.no_payments"), text: t("supply.no_payments_text") }}
    />
  );
}
