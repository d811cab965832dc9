import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { DataTable, StatusTag, Time } from "@/ui";
import type { OfConnection } from "./of";

type Row = Of<"ExpectedOut">;

/** Which days' statements are waited for, and which of them are late. */
export function Expected({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
  const state = (one: Row): "missing" | "waiting" | "done" =>
    one.status === "waiting" && one.told_at ? "missing" : one.status;
  return (
    <DataTable<Row>
      id="expected"
      label={t("reconcile.expected")}
      rowKey={(one) => one.day}
      filters={[filter]}
      columns={[
        { id: "day", title: t("f.day"), cell: (one) => one.day, value: (one) => one.day },
        {
          id: "status",
          title: t("f.status"),
          cell: (one) => (
            <StatusTag
              kind="expected"
              code={state(one)}
              tone={{ missing: "bad", waiting: "wait", done: "good" }[state(one)] as "bad"}
            />
          ),
          value: state,
        },
        { id: "due", title: t("f.late_at"), cell: (one) => <Time at={one.due_at} /> },
        { id: "tries", title: t("f.asked"), cell: (one) => one.tries, end: true },
        { id: "error", title: t("f.error"), cell: (one) => <span className="wrap">{one.error || "–"}</span> },
        { id: "told", title: t("reconcile.missing_since"), cell: (one) => <Time at={one.told_at} near /> },
        { id: "ended", title: t("f.ended_at"), cell: (one) => <Time at={one.ended_at} near /> },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/connections/{connection_id}/expected-statements", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      empty={{ title: t("reconcile.none_expected"), text: t("reconcile.none_expected_text") }}
    />
  );
}
