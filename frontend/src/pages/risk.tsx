import { useTranslation } from "react-i18next";
import { Decisions } from "@/parts/risk/Decisions";
import { Entries } from "@/parts/risk/Entries";
import { Rules } from "@/parts/risk/Rules";
import { PageTabs, Screen, useListState } from "@/ui";

const PARTS = { decisions: Decisions, rules: Rules, lists: Entries } as const;

/** What risk said of orders and why, by which rules, and whom it knows by name. */
export default function Risk() {
  const { t } = useTranslation();
  const [search] = useListState();
  const Shown = PARTS[(search.tab ?? "decisions") as keyof typeof PARTS] ?? Decisions;
  return (
    <Screen title={t("nav.risk")} text={t("risk.text")}>
      <PageTabs
        label={t("nav.risk")}
        tabs={[
          { id: "decisions", label: t("risk.decisions") },
          { id: "rules", label: t("rules.rules") },
          { id: "lists", label: t("risk.lists") },
        ]}
      />
      <Shown />
    </Screen>
  );
}
