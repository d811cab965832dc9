import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/session";
import { Intakes } from "@/parts/Intakes";
import { Batches } from "@/parts/vault/Batches";
import { LowStock } from "@/parts/vault/Low";
import { PageTabs, Screen, useListState } from "@/ui";

export default function Vault() {
  const { t } = useTranslation();
  const [search] = useListState();
  const me = useMe();
  const may = useMay();
  return (
    <Screen
      title={t("nav.vault")}
      text={t("vault.text")}
      actions={
        may("stock.import") && (
          <Link
            className="button"
            data-testid="import-codes"
            to="/c/$org/import"
            params={{ org: me.mall.slug }}
            search={{ kind: "codes" }}
          >
            {t("imports.codes")}
          </Link>
        )
      }
    >
      <PageTabs
        label={t("nav.vault")}
        tabs={[
          { id: "batches", label: t("nav.vault") },
          { id: "intakes", label: t("supply.intakes") },
          { id: "low", label: t("low.title") },
        ]}
      />
      {search.tab === "intakes" ? <Intakes /> : search.tab === "low" ? <LowStock /> : <Batches />}
    </Screen>
  );
}
