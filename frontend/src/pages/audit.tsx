import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { CopyCode, DataTable, Descriptions, Part, Screen, StatusTag, Time } from "@/ui";
import { DiffView } from "@/ui/DiffView";

type Row = Of<"AuditOut">;

export default function Audit() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Screen title={t("nav.audit")} text={t("audit.text")}>
      <DataTable<Row>
        id="audit"
        label={t("nav.audit")}
        rowKey={(e) => e.id}
        filters={[{ id: "subject", label: t("audit.subject") }]}
        columns={[
          { id: "action", title: t("f.action"), cell: (e) => word("action", e.action) },
          { id: "at", title: t("f.at"), cell: (e) => <Time at={e.at} /> },
          {
            id: "actor",
            title: t("f.actor"),
            cell: (e) => (
              <>
                <StatusTag kind="actor" code={e.actor_kind} /> <CopyCode text={e.actor_id} short />
              </>
            ),
          },
          { id: "subject", title: t("f.subject"), cell: (e) => <CopyCode text={e.subject} /> },
          { id: "ip", title: t("f.ip"), cell: (e) => e.ip || "–" },
        ]}
        load={({ subject, cursor }) =>
          got(api.GET("/console/v1/audit", { params: { query: { subject, cursor, size: 50 } } }))
        }
        detail={(_id, row) =>
          row && (
            <>
              <Descriptions
                pairs={[
                  [t("f.action"), <code key="a">{row.action}</code>],
                  [t("f.at"), <Time key="t" at={row.at} />],
                  [t("f.actor"), `${word("actor", row.actor_kind)} ${row.actor_id}`],
                  [t("f.subject"), <CopyCode key="s" text={row.subject} />],
                  [t("f.ip"), row.ip],
                ]}
              />
              <Part title={t("audit.changes")}>
                <DiffView before={row.before} after={row.after} />
              </Part>
            </>
          )
        }
        detailTitle={(row, id) => (row ? word("action", row.action) : id)}
        empty={{ title: t("audit.empty"), text: t("audit.empty_text") }}
      />
    </Screen>
  );
}
