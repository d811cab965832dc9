import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { CopyCode, DataTable, Screen, Time } from "@/ui";

type Row = Of<"RevealedOut">;

/** Who saw what in clear. */
export default function Reveals() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Screen title={t("nav.reveals")} text={t("reveals.text")}>
      <DataTable<Row>
        id="reveals"
        label={t("nav.reveals")}
        rowKey={(r) => r.id}
        filters={[{ id: "subject", label: t("reveals.subject") }]}
        columns={[
          { id: "person", title: t("reveals.person"), cell: (r) => r.person || r.person_id },
          { id: "at", title: t("f.at"), cell: (r) => <Time at={r.at} /> },
          { id: "kind", title: t("reveals.kind"), cell: (r) => word("reveal_kind", r.kind) },
          { id: "subject", title: t("f.subject"), cell: (r) => <CopyCode text={r.subject} /> },
          { id: "place", title: t("reveals.place"), cell: (r) => r.place || "–" },
          { id: "reason", title: t("f.reason"), cell: (r) => r.reason },
          { id: "ip", title: t("f.ip"), cell: (r) => r.ip || "–" },
          { id: "id", title: t("reveals.mark"), cell: (r) => <CopyCode text={r.id} short /> },
        ]}
        load={({ subject, cursor }) =>
          got(api.GET("/console/v1/reveals", { params: { query: { subject, cursor, size: 50 } } }))
        }
        empty={{ title: t("reveals.empty"), text: t("reveals.empty_text") }}
      />
    </Screen>
  );
}
