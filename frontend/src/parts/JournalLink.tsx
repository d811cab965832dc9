import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/session";

/** To the transfers of an order or an account, for who may see them. */
export function JournalLink({ search }: { search: { order_id?: string; account_id?: string } }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  if (!may("ledger.read")) return null;
  return (
    <Link
      to="/c/$org/money"
      params={{ org: me.mall.slug }}
      search={{ tab: "journal", ...search }}
      data-testid="journal"
    >
      {t("funds.to_journal")}
    </Link>
  );
}
