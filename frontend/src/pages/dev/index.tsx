import { useTranslation } from "react-i18next";
import { useDesk } from "@/api/desk";
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
  // A supplier's people make keys here; what programs of buyers called and hear is not theirs.
  const calls = !may("own.supply.read");
  const hooks = calls && (may("notify.read") || may("own.webhooks.write"));
  const tabs = [
    { id: "overview", label: t("dev.overview"), show: <Overview />, may: calls },
    { id: "calls", label: t("dev.calls"), show: <Calls />, may: calls },
    { id: "keys", label: t("dev.keys"), show: <Keys />, may: true },
    { id: "hooks", label: t("dev.hooks"), show: <Hooks />, may: hooks },
    { id: "deliveries", label: t("dev.deliveries"), show: <Deliveries />, may: hooks },
    { id: "docs", label: t("dev.docs"), show: <Docs />, may: true },
  ].filter((tab) => tab.may);
  const first = useDesk()?.defaults.dev_tab ?? tabs[0]?.id;
  return (
    <Screen title={t("nav.dev")} text={t("dev.text")}>
      <PageTabs label={t("nav.dev")} tabs={tabs} first={first} />
      {(tabs.find((tab) => tab.id === (search.tab ?? first)) ?? tabs[0])?.show}
    </Screen>
  );
}
