import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { PageTabs, Screen, useListState } from "@/ui";
import { Accounts } from "./accounts";
import { Ageing } from "./ageing";
import { Journal } from "./journal";
import { Rates } from "./rates";
import { Tax } from "./tax";
import { Balanced, Trial } from "./trial";

const PARTS = { accounts: Accounts, journal: Journal, ageing: Ageing, rates: Rates, tax: Tax, trial: Trial };

/** The mall's books: whose money it is, what moved, who owes since when, and that it all comes to nothing. */
export default function MoneyPage() {
  const { t } = useTranslation();
  const [search] = useListState();
  const may = useMay();
  const Shown = PARTS[search.tab as keyof typeof PARTS] ?? Accounts;
  return (
    <Screen title={t("nav.money")} text={t("funds.text")} actions={<Balanced />}>
      <PageTabs
        label={t("nav.money")}
        tabs={[
          { id: "accounts", label: t("funds.accounts") },
          { id: "journal", label: t("funds.journal") },
          { id: "ageing", label: t("funds.ageing") },
          { id: "rates", label: t("rates.title") },
          ...(may("catalog.read") ? [{ id: "tax", label: t("taxes.title") }] : []),
          { id: "trial", label: t("funds.trial") },
        ]}
      />
      <Shown />
    </Screen>
  );
}
