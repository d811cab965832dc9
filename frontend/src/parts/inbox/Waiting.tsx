import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";
import { ApprovalDetail } from "@/parts/ApprovalDetail";
import { CopyCode, DataTable, Money, Time } from "@/ui";
import { Bulk } from "./Bulk";
import { Clock } from "./Clock";
import { Elsewhere } from "./Elsewhere";

type Item = Of<"InboxItemOut">;

export function Waiting() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const kinds = ["approval", "price_proposal", "restock", "paper", "purchase"] as const;
  return (
    <DataTable<Item>
      id="inbox"
      label={t("approvals.decide")}
      rowKey={(one) => `${one.kind}-${one.id}`}
      poll={30_000}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: kinds.map((k) => ({ value: k, label: word("inbox_kind", k) })),
        },
      ]}
      columns={[
        {
          id: "what",
          title: t("approvals.what"),
          cell: (one) => (one.act ? word("approval_act", one.act) : word("inbox_kind", one.kind)),
          value: (one) => one.act ?? one.kind,
        },
        {
          id: "about",
          title: t("approvals.about"),
          cell: (one) => said({ zh: one.title_zh, en: one.title_en }) || one.subject,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (one) => (one.amount ? <Money value={one.amount} /> : "–"),
          value: (one) => Number(one.amount?.amount ?? 0),
          end: true,
        },
        { id: "at", title: t("f.since"), cell: (one) => <Time at={one.at} near />, value: (one) => one.at },
        {
          id: "due",
          title: t("approvals.due"),
          cell: (one) => <Clock at={one.due_at} />,
          value: (one) => one.due_at ?? "9",
        },
        { id: "id", title: t("f.id"), cell: (one) => <CopyCode text={one.id} />, hidden: true },
      ]}
      load={async ({ kind }) => {
        const wanted = kinds.find((one) => one === kind);
        const found = await got(api.GET("/console/v1/inbox", { params: { query: { kind: wanted } } }));
        return { items: found.items, next: null };
      }}
      withChosen={(rows, clear) => <Bulk rows={rows} done={clear} />}
      detail={(key, row) =>
        key.startsWith("approval-") ? <ApprovalDetail id={key.slice(9)} /> : row && <Elsewhere row={row} />
      }
      detailTitle={(row, key) =>
        row ? (row.act ? word("approval_act", row.act) : word("inbox_kind", row.kind)) : key
      }
      empty={{ title: t("approvals.empty"), text: t("approvals.empty_text") }}
    />
  );
}
