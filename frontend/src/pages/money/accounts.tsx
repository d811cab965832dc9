import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Account } from "@/parts/customers/Account";
import { Go } from "@/parts/Go";
import { JournalLink } from "@/parts/JournalLink";
import { useAccountName } from "@/parts/money/account";
import {
  type Column,
  DataTable,
  Descriptions,
  Money,
  type Page,
  Part,
  Pending,
  Small,
  StatusTag,
} from "@/ui";
import { DayField, isDay } from "@/ui/form";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Owner = Of<"OwnerOut">;
type Owned = Of<"OwnerAccountOut">;

const PATH = "/console/v1/account-owners";

/** Companies and their accounts. */
export function Accounts() {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = useAccountName();
  const lines = (id: string, title: string, cell: (a: Owned) => ReactNode, end = true): Column<Owner> => ({
    id,
    title,
    end,
    cell: (o) => o.accounts.map((a) => <div key={a.account.id}>{cell(a)}</div>),
  });
  const wallet = (a: Owned, shown: ReactNode): ReactNode => (a.account.kind === "wallet" ? shown : "–");
  return (
    <DataTable<Owner>
      id="money-owners"
      label={t("funds.accounts")}
      rowKey={(o) => o.id}
      find={t("f.name")}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: ["mall", "buyer", "enterprise", "supplier"].map((value) => ({
            value,
            label: word("organisation_kind", value),
          })),
        },
        { id: "owes", label: t("funds.owes"), choices: [{ value: "true", label: t("yes") }] },
        { id: "locked", label: t("funds.locked"), choices: [{ value: "true", label: t("yes") }] },
      ]}
      columns={[
        { id: "name", title: t("f.name"), cell: (o) => o.name, sort: "name" },
        { id: "kind", title: t("f.kind"), cell: (o) => word("organisation_kind", o.kind) },
        lines("account", t("funds.account"), (a) => nameOf(a.account, a.department), false),
        lines("balance", t("f.balance"), (a) => <Money value={a.account.balance} />),
        lines("held", t("f.held"), (a) => <Money value={a.account.held} />),
        lines("credit", t("f.credit"), (a) => wallet(a, <Money value={a.account.credit_limit} />)),
        lines("used", t("f.used"), (a) => wallet(a, <Money value={a.used} />)),
        lines("state", t("f.status"), (a) => <State account={a.account} />, false),
      ]}
      load={async (search) => (await ask<Page<Owner>>(PATH, { ...search, size: "50" })) ?? { items: [] }}
      totals={(search) => ask<Totals>(`${PATH}/totals`, search)}
      detail={(id, owner) => <Detail key={id} owner={owner} />}
      detailTitle={(owner, id) => owner?.name ?? id}
      empty={{
        title: t("funds.no_accounts"),
        text: t("funds.no_accounts_text"),
        action: (
          <Go needs="partners.write" page="customers" search={{ form: "buyer" }} label={t("buyer.new")} />
        ),
      }}
    />
  );
}

function State({ account }: { account: Of<"AccountOut"> }) {
  return <StatusTag kind="account" code={account.state} tone={account.state === "open" ? "good" : "warn"} />;
}

function Detail({ owner }: { owner: Owner | undefined }) {
  const { t } = useTranslation();
  const nameOf = useAccountName();
  const [chosen, choose] = useState(owner?.accounts[0]?.account.id);
  if (!owner) return <p className="muted">{t("funds.on_no_page")}</p>;
  const one = owner.accounts.find((a) => a.account.id === chosen);
  return (
    <>
      <Small
        rows={owner.accounts}
        keyOf={(a) => a.account.id}
        none=""
        columns={[
          [
            t("funds.account"),
            (a) => (
              <button
                type="button"
                className="link"
                aria-pressed={a.account.id === chosen}
                onClick={() => choose(a.account.id)}
              >
                {nameOf(a.account, a.department)}
              </button>
            ),
          ],
          [t("f.balance"), (a) => <Money value={a.account.balance} />, "end"],
          [t("f.used"), (a) => <Money value={a.used} />, "end"],
          [t("f.status"), (a) => <State account={a.account} />],
        ]}
      />
      {one && (
        <>
          <h2>{nameOf(one.account, one.department)}</h2>
          <Then key={one.account.id} id={one.account.id} />
          <Account id={one.account.id} />
        </>
      )}
    </>
  );
}

/** What it held at the end of a day. */
function Then({ id }: { id: string }) {
  const { t } = useTranslation();
  const { zone } = useMe().mall;
  const [day, setDay] = useState("");
  const then = useQuery({
    queryKey: ["money-owners", "then", id, day],
    enabled: isDay(day),
    queryFn: () =>
      got(
        api.GET("/console/v1/accounts/{account_id}/balance", {
          // The document says integer, but 63 bits are more than a number of JavaScript holds: it stays text.
          params: { path: { account_id: id as unknown as number }, query: { at: startOf(day, zone, 1) } },
        }),
      ),
  });
  return (
    <Part title={t("funds.then")} actions={<JournalLink search={{ account_id: id }} />}>
      <DayField label={t("f.day")} value={day} change={setDay} />
      {isDay(day) && !then.data && <Pending of={then} rows={1} />}
      {then.data && <Descriptions pairs={[[t("f.balance"), <Money key="b" value={then.data.balance} />]]} />}
    </Part>
  );
}
