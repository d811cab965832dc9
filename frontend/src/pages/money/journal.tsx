import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  Bones,
  CopyCode,
  DataTable,
  Descriptions,
  FaultNote,
  Money,
  type Page,
  Part,
  type Search,
  Small,
  Time,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";
import { useAccountName } from "./accounts";

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
      detail={(id) => <Detail id={id} />}
      detailTitle={(one, id) => (one ? word("transfer", one.kind) : id)}
      empty={{ title: t("funds.no_journal"), text: t("funds.no_journal_text") }}
    />
  );
}

function OrderLink({ id }: { id: string | null }) {
  const me = useMe();
  const may = useMay();
  if (!id) return "–";
  if (!may("orders.read")) return <CopyCode text={id} short />;
  return (
    <Link
      to="/c/$org/orders"
      params={{ org: me.mall.slug }}
      search={{ q: id, open: id }}
      title={id}
      data-testid="to-order"
    >
      …{id.slice(-8)}
    </Link>
  );
}

function Detail({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = useAccountName();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ["money-journal", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/journal/{transfer_id}", { params: { path: { transfer_id: id } } })),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const least = data.entries.map((one) => (one.amount.amount.startsWith("-") ? one : null));
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.kind"), word("transfer", data.kind)],
          [t("f.at"), <Time key="a" at={data.at} />],
          [t("f.amount"), <Money key="m" value={data.amount} />],
          data.reversed && [t("f.reversed"), <Money key="r" value={data.reversed} />],
          [t("f.order"), <OrderLink key="o" id={data.order_id} />],
          [t("money_form.reference"), data.reference],
          [t("f.memo"), data.memo],
          [t("f.id"), <CopyCode key="i" text={data.id} />],
        ]}
      />
      <Part title={t("f.entries")}>
        <Small
          rows={data.entries}
          keyOf={(one) => one.account_id}
          none=""
          columns={[
            [
              t("funds.account"),
              (one) => (
                <Link
                  to="/c/$org/money"
                  params={{ org: me.mall.slug }}
                  search={{ tab: "journal", account_id: one.account_id }}
                >
                  {one.owner} · {nameOf(one, one.department)}
                </Link>
              ),
            ],
            [t("funds.debit"), (one) => (least.includes(one) ? <Money value={data.amount} /> : ""), "end"],
            [t("funds.credit"), (one) => (least.includes(one) ? "" : <Money value={data.amount} />), "end"],
          ]}
        />
      </Part>
    </>
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ from, to, tab: _, ...rest }: Search, zone: string): Search {
  return { ...rest, at_from: from && startOf(from, zone), at_to: to && startOf(to, zone, 1) };
}
