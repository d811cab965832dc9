import { useTranslation } from "react-i18next";
import { Books } from "@/parts/prices/Books";
import { Changes } from "@/parts/prices/Changes";
import { Guards } from "@/parts/prices/Guards";
import { Matrix } from "@/parts/prices/Matrix";
import { Proposals } from "@/parts/prices/Proposals";
import { Templates } from "@/parts/prices/Templates";
import { PageTabs, Screen, useListState } from "@/ui";

const PARTS = {
  matrix: Matrix,
  books: Books,
  templates: Templates,
  guards: Guards,
  proposals: Proposals,
  changes: Changes,
} as const;

export default function Prices() {
  const { t } = useTranslation();
  const [search] = useListState();
  const Shown = PARTS[(search.tab ?? "matrix") as keyof typeof PARTS] ?? Matrix;
  return (
    <Screen title={t("nav.prices")} text={t("prices.text")}>
      <PageTabs
        label={t("nav.prices")}
        tabs={[
          { id: "matrix", label: t("matrix.title") },
          { id: "books", label: t("prices.books") },
          { id: "templates", label: t("template.title") },
          { id: "guards", label: t("guard.title") },
          { id: "proposals", label: t("prices.proposals") },
          { id: "changes", label: t("prices.changes") },
        ]}
      />
      <Shown />
    </Screen>
  );
}
