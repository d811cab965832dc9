import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Budget } from "@/parts/restock/Budget";
import { Plans } from "@/parts/restock/Plans";
import { Policies } from "@/parts/restock/Policies";
import { PageTabs, Screen, useListState } from "@/ui";

const PARTS = { plans: Plans, policies: Policies, budget: Budget } as const;

/** What is bought for the shelf by itself: plans, by which policies, and within what budget. */
export default function Restock() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  const Shown = PARTS[(search.tab ?? "plans") as keyof typeof PARTS] ?? Plans;
  return (
    <Screen title={t("nav.restock")} text={t("restock.text")}>
      <PageTabs
        label={t("nav.restock")}
        tabs={[
          { id: "plans", label: t("restock.plans") },
          ...(may("supply.read")
            ? [
                { id: "policies", label: t("restock.policies") },
                { id: "budget", label: t("restock.budget") },
              ]
            : []),
        ]}
      />
      <Shown />
    </Screen>
  );
}
