import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { Account } from "@/parts/customers/Account";
import { Go } from "@/parts/Go";
import { type Column, DataTable, Money, type Page, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Debtor = Of<"DebtorOut">;

const PATH = "/console/v1/credit-ageing";
const AGES = ["unbilled", "not_due", "days_30", "days_60", "days_90", "older"] as const;

/** Who owes how much since when: each part of a debt stands in one column. */
export function Ageing() {
  const { t } = useTranslation();
  const word = useWord();
  const ages = AGES.map(
    (id): Column<Debtor> => ({ id, title: word("sum", id), cell: (d) => <Money value={d[id]} />, end: true }),
  );
  return (
    <DataTable<Debtor>
      id="money-ageing"
      label={t("funds.ageing")}
      rowKey={(d) => d.account_id}
      find={t("f.name")}
      filters={[
        { id: "overdue", label: t("funds.overdue"), choices: [{ value: "true", label: t("yes") }] },
        { id: "locked", label: t("funds.locked"), choices: [{ value: "true", label: t("yes") }] },
      ]}
      columns={[
        {
          id: "name",
          title: t("f.name"),
          cell: (d) => [d.owner, d.department].filter(Boolean).join(" · "),
          sort: "name",
        },
        { id: "owed", title: t("f.owed"), cell: (d) => <Money value={d.owed} />, sort: "owed", end: true },
        ...ages,
        { id: "limit", title: t("f.credit"), cell: (d) => <Money value={d.credit_limit} />, end: true },
        { id: "due", title: t("funds.oldest"), cell: (d) => <Time at={d.oldest_due_at} day last /> },
        {
          id: "state",
          title: t("f.status"),
          cell: (d) => (
            <StatusTag kind="account" code={d.state} tone={d.state === "open" ? "good" : "warn"} />
          ),
        },
      ]}
      load={async (search) => (await ask<Page<Debtor>>(PATH, { ...search, size: "50" })) ?? { items: [] }}
      totals={(search) => ask<Totals>(`${PATH}/totals`, search)}
      detail={(id) => <Account id={id} />}
      detailTitle={(d, id) => d?.owner ?? id}
      empty={{
        title: t("funds.nobody_owes"),
        text: t("funds.nobody_owes_text"),
        action: <Go needs="partners.read" page="customers" label={t("nav.customers")} />,
      }}
    />
  );
}
