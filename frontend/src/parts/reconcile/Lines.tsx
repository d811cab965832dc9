import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { Money, Part, Small } from "@/ui";

/** The lines of a day's statement, as the supplier wrote them, each with its class. */
export function Lines({ connection, day }: { connection: string; day: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const lines = useQuery({
    queryKey: ["statements", "lines", connection, day],
    retry: false,
    queryFn: () =>
      got(
        api.GET("/console/v1/connections/{connection_id}/days/{day}/lines", {
          params: { path: { connection_id: connection, day }, query: { size: 200 } },
        }),
      ),
  });
  return (
    <Part title={t("reconcile.lines")}>
      <Small<Of<"commissary.settlement.wire.LineOut">>
        of={lines}
        rows={lines.data?.items ?? []}
        keyOf={(one) => String(one.line)}
        none={t("reconcile.no_statements")}
        columns={[
          [t("reconcile.line"), (one) => one.line, "end"],
          [
            t("f.kind"),
            (one) => (one.kind === "matched" ? t("reconcile.matched") : word("differencekind", one.kind)),
          ],
          [t("reconcile.ref"), (one) => <code>{one.ref || "–"}</code>],
          [t("f.supplier_ref"), (one) => <code>{one.supplier_ref || "–"}</code>],
          [t("f.article"), (one) => one.article || "–"],
          [t("f.quantity"), (one) => one.quantity, "end"],
          [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
          [t("f.status"), (one) => word("statement_line_status", one.status)],
        ]}
      />
      {lines.data?.next && <p className="muted">{t("reconcile.more_lines")}</p>}
    </Part>
  );
}
