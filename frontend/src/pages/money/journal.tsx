import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { useAccountName } from "@/parts/money/account";
import { OrderLink, TransferDetail } from "@/parts/money/TransferDetail";
import { CopyCode, DataTable, Money, type Page, type Search, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Transfer = Of<"JournalOut">;
type Side = Of<"SideOut">;

const PATH = "/console/v1/journal";
const KINDS = [
  "sale",
  "capture",
  "refund",
  "recharge",
  "withdrawal",
  "adjustment",
  "reversal",
  "purchase",
  "opening",
  "allotment",
  "debt",
  "exchange",
];

/** Every transfer with who gave and who got. */
export function Journal() {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  const nameOf = useAccountName();
  const side = (one: Side | undefined) =>
    one && (
      <>
        {one.owner} <span className="muted">{nameOf(one, one.department)}</span>
      </>
    );
  return (
    <DataTable<Transfer>
      id="money-journal"
      label={t("funds.journal")}
      rowKey={(one) => one.id}
      find={t("funds.find")}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: KINDS.map((value) => ({ value, label: word("transfer", value) })),
        },
        { id: "account_id", label: t("funds.account") },
        { id: "order_id", label: t("f.order") },
        { id: "from", label: t("f.from"), day: true },
        { id: "to", label: t("f.to"), day: true },
      ]}
      columns={[
        { id: "at", title: t("f.at"), cell: (one) => <Time at={one.at} />, sort: "at" },
        { id: "kind", title: t("f.kind"), cell: (one) => word("transfer", one.kind) },
        { id: "amount", title: t("f.amount"), cell: (one) => <Money value={one.amount} />, end: true },
        { id: "giver", title: t("funds.giver"), cell: (one) => side(one.entries[0]) },
        { id: "getter", title: t("funds.getter"), cell: (one) => side(one.entries[1]) },
        { id: "order", title: t("f.order"), cell: (one) => <OrderLink id={one.order_id} /> },
        { id: "reference", title: t("money_form.reference"), cell: (one) => one.reference ?? "–" },
        { id: "memo", title: t("f.memo"), cell: (one) => one.memo ?? "–", hidden: true },
        { id: "id", title: t("f.id"), cell: (one) => <CopyCode text={one.id} short />, hidden: true },
      ]}
      views
      load={async (search) =>
        (await ask<Page<Transfer>>(PATH, { ...asked(search, zone), size: "50" })) ?? { items: [] }
      }
      totals={(search) => ask<Totals>(`${PATH}/totals`, asked(search, zone))}
      detail={(id) => <TransferDetail id={id} />}
      detailTitle={(one, id) => (one ? word("transfer", one.kind) : id)}
      empty={{
        title: t("funds.no_journal"),
        text: t("funds.no_journal_text"),
        action: <Go needs="partners.read" page="customers" label={t("nav.customers")} />,
      }}
    />
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ from, to, tab: _, ...rest }: Search, zone: string): Search {
  return { ...rest, at_from: from && startOf(from, zone), at_to: to && startOf(to, zone, 1) };
}
