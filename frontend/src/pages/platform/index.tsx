import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Overview } from "@/pages/dev/overview";
import { PageTabs, Screen, useListState } from "@/ui";
import { Companies } from "./companies";
import { Faces } from "./faces";
import { Health } from "./health";
import { ApiKeys } from "./keys";

/** What programs of all companies do with the mall: who calls, what fails, whose keys, and whether they hear of it. */
export default function Platform() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  const tabs = [
    { id: "overview", label: t("dev.overview"), may: true },
    { id: "keys", label: t("dev.keys"), may: true },
    { id: "hooks", label: t("platform.hooks"), may: may("notify.read") },
    { id: "faces", label: t("faces.title"), may: true },
  ].filter((tab) => tab.may);
  return (
    <Screen title={t("nav.platform")} text={t("platform.text")}>
      <PageTabs label={t("nav.platform")} tabs={tabs} />
      {search.tab === "keys" ? (
        <ApiKeys />
      ) : search.tab === "hooks" ? (
        <Health />
      ) : search.tab === "faces" ? (
        <Faces />
      ) : (
        <Overview>
          <Companies />
        </Overview>
      )}
    </Screen>
  );
}
