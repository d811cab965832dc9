import { useTranslation } from "react-i18next";
import { useConnections } from "@/api/names";
import { Objections } from "@/parts/Objections";
import { Claims } from "@/parts/reconcile/Claims";
import { Days } from "@/parts/reconcile/Days";
import { Differences } from "@/parts/reconcile/Differences";
import { Expected } from "@/parts/reconcile/Expected";
import { MappingForm } from "@/parts/reconcile/MappingForm";
import { Payments } from "@/parts/reconcile/Payments";
import { SourceForm } from "@/parts/reconcile/SourceForm";
import { BringStatement } from "@/parts/reconcile/StatementForms";
import { Statements } from "@/parts/reconcile/Statements";
import { EmptyState, PageTabs, Screen, useListState } from "@/ui";

const PARTS = {
  days: Days,
  statements: Statements,
  expected: Expected,
  claims: Claims,
  payments: Payments,
};

export default function Reconcile() {
  const { t } = useTranslation();
  const [search, set] = useListState();
  const connections = useConnections();
  // What people decide about is looked at of all connections; the rest is of one.
  const all = ["differences", "objections"].includes(search.tab ?? "differences") && connections.length > 1;
  const chosen = search.connection_id ?? (all ? undefined : connections[0]?.id);
  const filter = {
    id: "connection_id",
    label: t("f.connection"),
    choices: connections.map((c) => ({ value: c.id, label: c.name })),
    held: chosen,
  };
  const Shown = PARTS[search.tab as keyof typeof PARTS];
  return (
    <Screen
      title={t("nav.reconcile")}
      text={t("reconcile.text")}
      actions={
        connections.length > 0 && (
          <>
            <BringStatement connection={chosen} key={chosen} />
            {chosen && <MappingForm connection={chosen} />}
            {chosen && <SourceForm connection={chosen} />}
          </>
        )
      }
    >
      {connections.length > 0 ? (
        <>
          <PageTabs
            label={t("nav.reconcile")}
            tabs={[
              { id: "differences", label: t("reconcile.differences") },
              { id: "days", label: t("reconcile.days") },
              { id: "statements", label: t("reconcile.statements") },
              { id: "expected", label: t("reconcile.expected") },
              { id: "claims", label: t("reconcile.claims") },
              { id: "payments", label: t("reconcile.paid") },
              { id: "objections", label: t("supply.objections") },
            ]}
            keep="connection_id"
          />
          {search.tab === "objections" ? (
            <Objections filter={filter} />
          ) : search.tab && chosen && search.tab in PARTS ? (
            <Shown connection={chosen} filter={filter} />
          ) : (
            <Differences connection={chosen} filter={filter} />
          )}
        </>
      ) : (
        <EmptyState
          title={t("reconcile.none")}
          text={t("reconcile.none_text")}
          action={
            search.tab && (
              <button type="button" className="link" onClick={() => set({ tab: undefined })}>
                {t("filter.clear")}
              </button>
            )
          }
        />
      )}
    </Screen>
  );
}
