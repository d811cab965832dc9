import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { DataTable, Time } from "@/ui";
import { NoticeSubject, useDetail } from "./Notice";

type Notice = Of<"NoticeOut">;

const KINDS = [
  "stock.low",
  "sku.delisted",
  "supplier.paused",
  "supplier.resumed",
  "supplier.balance_low",
  "supplier.paper_expiring",
  "supplier.lapsed",
  "supplier.quarantined",
  "supplier.statement_missing",
  "balance.low",
  "endpoint.paused",
  "endpoint.resumed",
  "endpoint.disabled",
  "reveals.locked",
];

/** What called for people in the last months. */
export function Notices() {
  const { t } = useTranslation();
  const word = useWord();
  const detail = useDetail();
  return (
    <DataTable<Notice>
      id="notices"
      label={t("notices.title")}
      rowKey={(one) => one.id}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: KINDS.map((kind) => ({ value: kind, label: word("event", kind) })),
        },
      ]}
      columns={[
        { id: "at", title: t("f.at"), cell: (one) => <Time at={one.at} /> },
        { id: "kind", title: t("f.kind"), cell: (one) => word("event", one.kind) },
        { id: "about", title: t("f.subject"), cell: (one) => <NoticeSubject one={one} /> },
        { id: "detail", title: t("f.notes"), cell: detail },
      ]}
      load={({ kind, cursor }) =>
        got(api.GET("/console/v1/notices", { params: { query: { kind, cursor, size: 50 } } }))
      }
      empty={{ title: t("notices.empty"), text: t("notices.empty_text") }}
    />
  );
}
