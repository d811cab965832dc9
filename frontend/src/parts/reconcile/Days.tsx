import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Go } from "@/parts/Go";
import { DataTable, Money, StatusTag, Time } from "@/ui";
import { DayDetail } from "./DayDetail";
import type { OfConnection } from "./of";

type Day = Of<"DayOut">;

/** Day by day, as far as statements came. */
export function Days({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
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
      detail={(day) => <DayDetail connection={connection} day={day} />}
      detailTitle={(row, id) => row?.day ?? id}
      empty={{
        title: t("reconcile.no_days"),
        text: t("reconcile.no_days_text"),
        action: (
          <Go
            needs="settlement.write"
            page="reconcile"
            search={{ tab: "days", form: "statement" }}
            label={t("statement.upload")}
          />
        ),
      }}
    />
  );
}
