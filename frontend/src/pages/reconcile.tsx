import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useConnections } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Objections } from "@/parts/Objections";
import {
  AskButton,
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  EmptyState,
  Money,
  PageTabs,
  Screen,
  StatusTag,
  Time,
  useAct,
  useListState,
} from "@/ui";

type Difference = Of<"DifferenceOut">;
type Day = Of<"DayOut">;

export default function Reconcile() {
  const { t } = useTranslation();
  const [search, set] = useListState();
  const connections = useConnections();
  const chosen = search.connection_id ?? connections[0]?.id;
  const filter = {
    id: "connection_id",
    label: t("f.connection"),
    choices: connections.map((c) => ({ value: c.id, label: c.name })),
  };
  return (
    <Screen title={t("nav.reconcile")} text={t("reconcile.text")}>
      {chosen ? (
        <>
          <PageTabs
            label={t("nav.reconcile")}
            tabs={[
              { id: "differences", label: t("reconcile.differences") },
              { id: "days", label: t("reconcile.days") },
              { id: "statements", label: t("reconcile.statements") },
              { id: "objections", label: t("supply.objections") },
            ]}
          />
          {(search.tab ?? "differences") === "differences" && (
            <Differences connection={chosen} filter={filter} />
          )}
          {search.tab === "days" && <Days connection={chosen} filter={filter} />}
          {search.tab === "statements" && <Statements connection={chosen} filter={filter} />}
          {search.tab === "objections" && <Objections filter={filter} />}
        </>
      ) : (
        <EmptyState
          title={t("reconcile.none")}
          text={t("reconcile.none_text")}
          action={
            search.tab && (
              <button type="button" className="link" onClick={() => set({ tab: undefined })}>
                {t("filter.clear")}
              </button>
            )
          }
        />
      )}
    </Screen>
  );
}

interface Part {
  connection: string;
  filter: { id: string; label: string; choices: { value: string; label: string }[] };
}

const KINDS = ["amount", "books", "duplicate", "extra", "late", "missing", "quantity", "status"];

function Differences({ connection, filter }: Part) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <DataTable<Difference>
      id="differences"
      label={t("reconcile.differences")}
      rowKey={(d) => d.id}
      filters={[
        filter,
        {
          id: "status",
          label: t("f.status"),
          choices: ["open", "resolved"].map((value) => ({ value, label: word("difference", value) })),
        },
        {
          id: "kind",
          label: t("f.kind"),
          choices: KINDS.map((value) => ({ value, label: word("differencekind", value) })),
        },
        { id: "day", label: t("f.day"), day: true },
      ]}
      columns={[
        { id: "kind", title: t("f.kind"), cell: (d) => word("differencekind", d.kind), value: (d) => d.kind },
        {
          id: "status",
          title: t("f.status"),
          cell: (d) => <StatusTag kind="difference" code={d.status} />,
          value: (d) => d.status,
        },
        { id: "day", title: t("f.day"), cell: (d) => d.day, value: (d) => d.day },
        {
          id: "ours",
          title: t("reconcile.ours"),
          cell: (d) => <Money value={d.ours} />,
          value: (d) => Number(d.ours.amount),
          end: true,
        },
        {
          id: "theirs",
          title: t("reconcile.theirs"),
          cell: (d) => <Money value={d.theirs} />,
          value: (d) => Number(d.theirs.amount),
          end: true,
        },
        {
          id: "difference",
          title: t("reconcile.difference"),
          cell: (d) => <Money value={d.difference} />,
          value: (d) => Number(d.difference.amount),
          end: true,
        },
        { id: "resolution", title: t("reconcile.resolution"), cell: (d) => word("resolution", d.resolution) },
      ]}
      load={({ status, kind, day, cursor }) =>
        got(
          api.GET("/console/v1/connections/{connection_id}/differences", {
            params: {
              path: { connection_id: connection },
              query: {
                status: status as Difference["status"],
                kind: kind as Difference["kind"],
                day,
                cursor,
                size: 50,
              },
            },
          }),
        )
      }
      detail={(_id, row) => row && <DifferenceDetail row={row} />}
      detailTitle={(row, id) => (row ? word("differencekind", row.kind) : id)}
      empty={{ title: t("reconcile.clean"), text: t("reconcile.clean_text") }}
    />
  );
}

function DifferenceDetail({ row }: { row: Difference }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const resolve = useAct(
    (given: Of<"ResolveIn">) =>
      got(
        api.POST("/console/v1/differences/{difference_id}/resolve", {
          params: { path: { difference_id: row.id } },
          body: given,
        }),
      ),
    "differences",
    "days",
  );
  const amount = row.difference.amount;
  return (
    <>
      {row.status === "open" && may("settlement.write") && (
        <div className="acts" style={{ marginBottom: 16 }}>
          {(["claimed", "accepted", "late"] as const).map((resolution) => (
            <AskButton
              key={resolution}
              label={word("resolution", resolution)}
              effect={t(`reconcile.${resolution}`)}
              reason="may"
              testid={resolution}
              run={(note) => resolve.mutateAsync({ resolution, note })}
            />
          ))}
          {may("settlement.payout") && (
            <DangerConfirm
              label={word("resolution", "written_off")}
              effect={t("reconcile.written_off")}
              type={amount}
              reason="must"
              testid="written_off"
              run={(note) => resolve.mutateAsync({ resolution: "written_off", note })}
            />
          )}
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="difference" code={row.status} />],
          [t("reconcile.ours"), <Money key="o" value={row.ours} />],
          [t("reconcile.theirs"), <Money key="t" value={row.theirs} />],
          [t("reconcile.difference"), <Money key="d" value={row.difference} />],
          [t("f.day"), row.day],
          row.purchase_id ? [t("f.purchase"), <CopyCode key="p" text={row.purchase_id} />] : null,
          [t("reconcile.resolution"), word("resolution", row.resolution)],
          [t("f.memo"), row.note],
          [t("f.ended_at"), <Time key="e" at={row.resolved_at} />],
        ]}
      />
    </>
  );
}

function Days({ connection, filter }: Part) {
  const { t } = useTranslation();
  const may = useMay();
  const path = (day: string) => ({ params: { path: { connection_id: connection, day } } });
  const match = useAct(
    (day: string) => got(api.POST("/console/v1/connections/{connection_id}/days/{day}/reconcile", path(day))),
    "days",
    "jobs",
  );
  const close = useAct(
    (day: string) => got(api.POST("/console/v1/connections/{connection_id}/days/{day}/close", path(day))),
    "days",
  );
  return (
    <DataTable<Day>
      id="days"
      label={t("reconcile.days")}
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
        { id: "open", title: t("reconcile.open"), cell: (d) => d.open, value: (d) => d.open, end: true },
        { id: "ours", title: t("reconcile.ours"), cell: (d) => <Money value={d.ours} />, end: true },
        { id: "theirs", title: t("reconcile.theirs"), cell: (d) => <Money value={d.theirs} />, end: true },
        {
          id: "difference",
          title: t("reconcile.difference"),
          cell: (d) => <Money value={d.difference} />,
          end: true,
        },
        { id: "matched_at", title: t("reconcile.matched_at"), cell: (d) => <Time at={d.matched_at} near /> },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/connections/{connection_id}/days", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      detail={(_id, row) =>
        row && (
          <>
            {may("settlement.write") && row.status === "open" && (
              <div className="acts" style={{ marginBottom: 16 }}>
                <AskButton
                  label={t("reconcile.match")}
                  effect={t("reconcile.match_text")}
                  run={() => match.mutateAsync(row.day)}
                />
                <DangerConfirm
                  label={t("reconcile.close")}
                  effect={t("reconcile.close_text")}
                  type={row.day}
                  disabled={row.open > 0}
                  testid="close-day"
                  run={() => close.mutateAsync(row.day)}
                />
              </div>
            )}
            <Descriptions
              pairs={[
                [t("reconcile.opening"), <Money key="o" value={row.opening} />],
                [t("reconcile.purchases"), <Money key="p" value={row.purchases} />],
                [t("reconcile.refunds"), <Money key="r" value={row.refunds} />],
                [t("reconcile.payments"), <Money key="y" value={row.payments} />],
                [t("reconcile.closing"), <Money key="c" value={row.closing} />],
                [t("f.ended_at"), <Time key="t" at={row.closed_at} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => row?.day ?? id}
      empty={{ title: t("reconcile.no_days"), text: t("reconcile.no_days_text") }}
    />
  );
}

function Statements({ connection, filter }: Part) {
  const { t } = useTranslation();
  return (
    <DataTable<Of<"commissary.settlement.wire.StatementOut">>
      id="statements"
      label={t("reconcile.statements")}
      rowKey={(s) => s.id}
      filters={[filter]}
      columns={[
        { id: "day", title: t("f.day"), cell: (s) => s.day, value: (s) => s.day },
        { id: "file", title: t("f.file"), cell: (s) => s.file_name },
        { id: "status", title: t("f.status"), cell: (s) => <StatusTag kind="statement" code={s.status} /> },
        {
          id: "lines",
          title: t("f.lines"),
          cell: (s) => s.lines.toLocaleString(),
          value: (s) => s.lines,
          end: true,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (s) => <Money value={s.amount} />,
          value: (s) => Number(s.amount.amount),
          end: true,
        },
        { id: "at", title: t("f.at"), cell: (s) => <Time at={s.at} />, value: (s) => s.at },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/connections/{connection_id}/statements", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      empty={{ title: t("reconcile.no_statements"), text: t("reconcile.no_statements_text") }}
    />
  );
}
