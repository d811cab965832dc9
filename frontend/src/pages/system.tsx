import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Connections } from "@/parts/system/Connections";
import { Installation } from "@/parts/system/Installation";
import { Turns } from "@/parts/system/Turns";
import { Screen } from "@/ui";

/** What runs, what waits and what is late. */
export default function System() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Screen title={t("nav.system")} text={t("system.text")}>
      <Installation />
      {may("supply.read") && <Connections />}
      <Turns />
    </Screen>
  );
}
