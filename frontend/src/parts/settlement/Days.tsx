import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Go } from "@/parts/Go";
import { Button, CopyCode, DataTable, Descriptions, Money, StatusTag, Time, useListState } from "@/ui";
import { Lacking } from "./Lines";
import type { OfConnection } from "./of";

type Day = Of<"DayOut">;

/** His account with the mall, day by day, as each side has it. */
export function Days({ connection, filter }: OfConnection) {
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
      empty={{
        title: t("supply.no_days"),
        text: t("supply.no_days_text"),
        action: <Go needs="own.supply.read" page="asked" label={t("nav.asked")} />,
      }}
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
