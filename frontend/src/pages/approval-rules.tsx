import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Rules } from "@/parts/approvals/Rules";
import { Stead } from "@/parts/approvals/Stead";
import { Screen } from "@/ui";

export default function ApprovalRules() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Screen title={t("nav.approval-rules")} text={t("rules.text")}>
      <Rules />
      {may("approvals.decide") && <Stead />}
    </Screen>
  );
}
