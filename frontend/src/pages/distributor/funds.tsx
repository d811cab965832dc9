import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import {
  Bones,
  type Column,
  CopyCode,
  DataTable,
  Descriptions,
  FaultNote,
  Money,
  PageTabs,
  Screen,
  type Search,
  StatusTag,
  Time,
  useListState,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Transfer = Of<"OwnTransferOut">;
type Statement = Of<"commissary.ledger.wire.StatementOut">;

/** One's own wallet: what is there, what moved, what was billed. */
export default function Funds() {
  const { t } = useTranslation();
  const [search] = useListState();
  return (
    <Screen title={t("nav.funds")} text={t("own.funds.text")}>
      <Wallet />
      <PageTabs
        label={t("nav.funds")}
        tabs={[
          { id: "transfers", label: t("own.funds.transfers") },
          { id: "statements", label: t("own.funds.statements") },
        ]}
      />
      {search.tab === "statements" ? <Statements /> : <Transfers />}
    </Screen>
  );
}

function Wallet() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["own", "balance"],
    queryFn: () => got(api.GET("/console/v1/own/balance")),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={3} />;
  return (
    <Descriptions
      pairs={[
        [t("own.home.available"), <Money key="a" value={data.available} />],
        [t("own.funds.balance"), <Money key="b" value={data.balance} />],
        [t("own.home.held"), <Money key="h" value={data.held} />],
        [t("own.home.credit"), <Money key="l" value={data.credit_limit} />],
        data.credit ? [t("own.funds.terms"), t("days", { count: data.credit.terms_days })] : null,
        [
          t("f.status"),
          <StatusTag
            key="s"
            kind="account"
            code={data.state}
            tone={data.state === "open" ? "good" : "warn"}
          />,
        ],
      ]}
    />
  );
}

const KINDS = ["sale", "capture", "refund", "recharge", "withdrawal", "adjustment", "reversal", "allotment"];

/** Days are the mall's, and the last one is within. */
const asked = ({ kind, from, to, sort, cursor }: Search, zone: string): Search => ({
  kind,
  sort,
  cursor,
  at_from: from && startOf(from, zone),
  at_to: to && startOf(to, zone, 1),
});

function Transfers() {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  const columns: Column<Transfer>[] = [
    { id: "at", title: t("f.at"), cell: (one) => <Time at={one.at} />, sort: "at" },
    { id: "kind", title: t("f.kind"), cell: (one) => word("transfer", one.kind) },
    { id: "amount", title: t("f.amount"), cell: (one) => <Money value={one.amount} />, end: true },
    {
      id: "order",
      title: t("own.f.order"),
      cell: (one) => (one.order_id ? <CopyCode text={one.order_id} short /> : "–"),
    },
    { id: "memo", title: t("own.f.memo"), cell: (one) => one.memo ?? "–" },
    { id: "id", title: t("f.id"), cell: (one) => <CopyCode text={one.id} short /> },
  ];
  return (
    <DataTable<Transfer>
      id="own-transfers"
      label={t("own.funds.transfers")}
      rowKey={(one) => one.id}
      columns={columns}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: KINDS.map((value) => ({ value, label: word("transfer", value) })),
        },
        { id: "from", label: t("f.from"), day: true },
        { id: "to", label: t("f.to"), day: true },
      ]}
      load={(search) =>
        got(
          api.GET("/console/v1/own/transfers", {
            params: { query: { ...asked(search, zone), size: 50 } as never },
          }),
        )
      }
      totals={(search) => ask<Totals>("/console/v1/own/transfers/totals", asked(search, zone))}
      empty={{
        title: t("own.funds.empty"),
        text: t("own.funds.empty_text"),
        action: <Go needs="own.catalog.read" page="market" label={t("nav.market")} />,
      }}
    />
  );
}

function Statements() {
  const { t } = useTranslation();
  const columns: Column<Statement>[] = [
    { id: "from", title: t("f.from"), cell: (one) => <Time at={one.from_at} /> },
    { id: "to", title: t("f.to"), cell: (one) => <Time at={one.to_at} /> },
    { id: "opening", title: t("own.funds.opening"), cell: (one) => <Money value={one.opening} />, end: true },
    { id: "closing", title: t("own.funds.closing"), cell: (one) => <Money value={one.closing} />, end: true },
    { id: "due", title: t("own.funds.due"), cell: (one) => <Money value={one.due} />, end: true },
    {
      id: "due_at",
      title: t("own.funds.due_at"),
      cell: (one) => (one.due_at ? <Time at={one.due_at} /> : "–"),
    },
    {
      id: "file",
      title: t("own.funds.file"),
      cell: (one) => (
        <a href={`/console/v1/own/statements/${one.id}/export`} download>
          CSV
        </a>
      ),
    },
  ];
  return (
    <DataTable<Statement>
      id="own-statements"
      label={t("own.funds.statements")}
      rowKey={(one) => one.id}
      columns={columns}
      load={({ cursor }) =>
        got(api.GET("/console/v1/own/statements", { params: { query: { cursor, size: 50 } } }))
      }
      empty={{
        title: t("own.funds.no_statements"),
        text: t("own.funds.no_statements_text"),
        action: <Go needs="own.balance.read" page="funds" label={t("own.funds.transfers")} />,
      }}
    />
  );
}
