import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Who } from "@/parts/Who";
import { CopyCode, DataTable, Descriptions, Part, Screen, type Search, Time } from "@/ui";
import { DiffView } from "@/ui/DiffView";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Row = Of<"AuditOut">;

export default function Audit() {
  const { t } = useTranslation();
  const word = useWord();
  const zone = useMe().mall.zone;
  return (
    <Screen title={t("nav.audit")} text={t("audit.text")}>
      <DataTable<Row>
        id="audit"
        label={t("nav.audit")}
        rowKey={(e) => e.id}
        find={t("audit.subject")}
        filters={[
          {
            id: "actor_kind",
            not: true,
            label: t("f.actor_kind"),
            choices: ["person", "key", "system", "cli"].map((value) => ({
              value,
              label: word("actor", value),
            })),
          },
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        totals={(search) => ask<Totals>("/console/v1/audit/totals", asked(search, zone))}
        asked={(search) => asked(search, zone)}
        exports="audit"
        views
        columns={[
          { id: "action", title: t("f.action"), cell: (e) => word("action", e.action) },
          { id: "at", title: t("f.at"), cell: (e) => <Time at={e.at} />, sort: "at" },
          {
            id: "actor",
            title: t("f.actor"),
            cell: (e) => <Who by={`${e.actor_kind}:${e.actor_id}`} />,
          },
          { id: "subject", title: t("f.subject"), cell: (e) => <CopyCode text={e.subject} /> },
          { id: "ip", title: t("f.ip"), cell: (e) => e.ip || "–" },
        ]}
        load={(search) =>
          got(
            api.GET("/console/v1/audit", {
              params: { query: { ...asked(search, zone), size: 50 } as never },
            }),
          )
        }
        detail={(_id, row) =>
          row && (
            <>
              <Descriptions
                pairs={[
                  [t("f.action"), <code key="a">{row.action}</code>],
                  [t("f.at"), <Time key="t" at={row.at} />],
                  [t("f.actor"), <Who key="w" by={`${row.actor_kind}:${row.actor_id}`} />],
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

/** Days are the mall's, and the last one is within. */
function asked({ from, to, open: _, ...rest }: Search, zone: string): Search {
  return { ...rest, at_from: from && startOf(from, zone), at_to: to && startOf(to, zone, 1) };
}
