import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/session";
import { Intakes } from "@/parts/Intakes";
import { Batches } from "@/parts/vault/Batches";
import { LowStock } from "@/parts/vault/Low";
import { Trace } from "@/parts/vault/Trace";
import { PageTabs, Screen, useListState } from "@/ui";

const PARTS = { batches: Batches, intakes: Intakes, low: LowStock, trace: Trace } as const;

export default function Vault() {
  const { t } = useTranslation();
  const [search] = useListState();
  const me = useMe();
  const may = useMay();
  const Shown = PARTS[(search.tab ?? "batches") as keyof typeof PARTS] ?? Batches;
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
          ...(may("provenance.read") ? [{ id: "trace", label: t("custody.tab") }] : []),
        ]}
      />
      <Shown />
    </Screen>
  );
}
