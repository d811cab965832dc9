import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { TOUCHED } from "@/parts/ApprovalDetail";
import { App, AskButton, useAct } from "@/ui";

type Item = Of<"InboxItemOut">;

export function Bulk({ rows, done }: { rows: Item[]; done: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const { modal } = App.useApp();
  const items = rows.flatMap((one) =>
    one.kind === "approval" && one.seal ? [{ id: one.id, seal: one.seal }] : [],
  );
  const decide = useAct(
    async ({ approve, comment }: { approve: boolean; comment: string }) => {
      const found = await got(
        api.POST("/console/v1/approvals/decide", { body: { items, approve, comment } }),
      );
      const not = found.items.filter((one) => one.refusal || one.failure);
      if (not.length)
        modal.warning({
          title: t("approvals.some_not", { count: not.length }),
          content: [...new Set(not.map((one) => word("refusal", one.refusal ?? one.failure)))].join(" "),
        });
      done();
    },
    ...TOUCHED,
  );
  if (!items.length) return <span className="muted">{t("approvals.bulk_none")}</span>;
  return (
    <>
      <AskButton
        label={t("approvals.approve")}
        effect={t("approvals.bulk_text", { count: items.length })}
        type={String(items.length)}
        reason="may"
        testid="bulk-approve"
        run={(comment) => decide.mutateAsync({ approve: true, comment })}
      />
      <AskButton
        label={t("approvals.refuse")}
        effect={t("approvals.bulk_refuse", { count: items.length })}
        danger
        reason="must"
        testid="bulk-refuse"
        run={(comment) => decide.mutateAsync({ approve: false, comment })}
      />
    </>
  );
}
