import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { ApprovalDetail, TONES } from "@/parts/ApprovalDetail";
import { DataTable, Money, StatusTag, Time } from "@/ui";
import { Clock } from "./Clock";

type Approval = Of<"ApprovalOut">;

const EMPTY = {
  mine: ["approvals.none_mine", "approvals.none_mine_text"],
  decided: ["approvals.none_decided", "approvals.none_decided_text"],
  mentioned: ["approvals.none_mentioned", "approvals.none_mentioned_text"],
} as const;

export function Requests({ view }: { view: "mine" | "decided" | "mentioned" }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <DataTable<Approval>
      id="approvals"
      label={t(`approvals.${view}`)}
      rowKey={(one) => one.id}
      columns={[
        { id: "what", title: t("approvals.what"), cell: (one) => word("approval_act", one.act) },
        {
          id: "status",
          title: t("f.status"),
          cell: (one) => <StatusTag kind="approval_status" code={one.status} tone={TONES[one.status]} />,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (one) => (one.amount ? <Money value={one.amount} /> : "–"),
          end: true,
        },
        { id: "maker", title: t("approvals.maker"), cell: (one) => one.maker.name, hidden: view === "mine" },
        { id: "reason", title: t("f.reason"), cell: (one) => one.reason || "–" },
        { id: "asked", title: t("approvals.asked_at"), cell: (one) => <Time at={one.asked_at} /> },
        { id: "by", title: t("approvals.decided_by"), cell: (one) => one.decision?.by?.name ?? "–" },
        { id: "decided", title: t("f.decided_at"), cell: (one) => <Time at={one.decision?.at} /> },
        {
          id: "mentioned",
          title: t("approvals.mentioned_at"),
          cell: (one) => <Time at={one.mentioned_at} near />,
          hidden: view !== "mentioned",
        },
        {
          id: "due",
          title: t("approvals.due"),
          cell: (one) => (one.status === "open" ? <Clock at={one.due_at} /> : "–"),
        },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/approvals", { params: { query: { view, cursor, size: 50 } } }))
      }
      detail={(id) => <ApprovalDetail id={id} />}
      detailTitle={(row, id) => (row ? word("approval_act", row.act) : id)}
      empty={{ title: t(EMPTY[view][0]), text: t(EMPTY[view][1]) }}
    />
  );
}
