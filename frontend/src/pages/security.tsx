import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Devices } from "@/parts/Devices";
import Factors from "@/parts/Factors";
import { SecurityPolicy } from "@/parts/SecurityPolicy";
import { PageTabs, Screen, useListState } from "@/ui";

export default function Security() {
  const { t } = useTranslation();
  const [search] = useListState();
  const may = useMay();
  const tabs = [
    { id: "factors", label: t("security.factors") },
    { id: "devices", label: t("security.devices") },
    ...(may("mall.read") ? [{ id: "policy", label: t("security.policy") }] : []),
  ];
  return (
    <Screen title={t("nav.security")} text={t("security.text")}>
      <PageTabs label={t("nav.security")} tabs={tabs} />
      <div className="security">
        {search.tab === "devices" ? <Devices /> : search.tab === "policy" ? <SecurityPolicy /> : <Factors />}
      </div>
    </Screen>
  );
}
