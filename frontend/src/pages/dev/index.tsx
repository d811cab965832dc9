import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { PageTabs, Screen, useListState } from "@/ui";
import { Calls } from "./calls";
import { Deliveries } from "./deliveries";
import { Docs } from "./docs";
import { Hooks } from "./hooks";
import { Keys } from "./keys";
import { Overview } from "./overview";

/** For whoever writes the program: what it called, its keys, what it is told, and the documents. */
export default function Dev() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  const hooks = may("notify.read") || may("own.webhooks.write");
  const tabs = [
    { id: "overview", label: t("dev.overview"), show: <Overview />, may: true },
    { id: "calls", label: t("dev.calls"), show: <Calls />, may: true },
    { id: "keys", label: t("dev.keys"), show: <Keys />, may: true },
    { id: "hooks", label: t("dev.hooks"), show: <Hooks />, may: hooks },
    { id: "deliveries", label: t("dev.deliveries"), show: <Deliveries />, may: hooks },
    { id: "docs", label: t("dev.docs"), show: <Docs />, may: true },
  ].filter((tab) => tab.may);
  return (
    <Screen title={t("nav.dev")} text={t("dev.text")}>
      <PageTabs label={t("nav.dev")} tabs={tabs} />
      {(tabs.find((tab) => tab.id === search.tab) ?? tabs[0])?.show}
    </Screen>
  );
}
