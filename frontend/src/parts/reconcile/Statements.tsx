import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, Descriptions, Money, StatusTag, Time } from "@/ui";
import { Lines } from "./Lines";
import type { OfConnection } from "./of";

/** Files and answers in which a supplier said what he sold us. */
export function Statements({ connection, filter }: OfConnection) {
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
      detail={(_id, row) =>
        row && (
          <>
            <Descriptions
              pairs={[
                [t("f.day"), row.day],
                [t("f.file"), row.file_name],
                [t("f.lines"), row.lines.toLocaleString()],
                [t("f.amount"), <Money key="a" value={row.amount} />],
                [t("f.fingerprint"), <CopyCode key="h" text={row.sha256} short />],
              ]}
            />
            <Lines connection={connection} day={row.day} />
          </>
        )
      }
      detailTitle={(row, id) => (row ? row.file_name || row.day : id)}
      empty={{
        title: t("reconcile.no_statements"),
        text: t("reconcile.no_statements_text"),
        action: (
          <Go
            needs="settlement.write"
            page="reconcile"
            search={{ tab: "statements", form: "statement" }}
            label={t("statement.upload")}
          />
        ),
      }}
    />
  );
}
