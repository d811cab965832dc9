import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  AskButton,
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  EmptyState,
  Money,
  PageTabs,
  Screen,
  StatusTag,
  Time,
  useAct,
  useListState,
} from "@/ui";

type Rungs = Of<"Rung">[];

export default function Prices() {
  const { t } = useTranslation();
  const [search] = useListState();
  const tab = search.tab ?? "books";
  return (
    <Screen title={t("nav.prices")} text={t("prices.text")}>
      <PageTabs
        label={t("nav.prices")}
        tabs={[
          { id: "books", label: t("prices.books") },
          { id: "changes", label: t("prices.changes") },
          { id: "proposals", label: t("prices.proposals") },
        ]}
      />
      {tab === "books" && <Books />}
      {tab === "changes" && <Changes />}
      {tab === "proposals" && <Proposals />}
    </Screen>
  );
}

function useBooks(): Of<"BookOut">[] {
  return (
    useQuery({
      queryKey: ["names", "books"],
      queryFn: () => got(api.GET("/console/v1/books", { params: { query: { size: 200 } } })),
    }).data?.items ?? []
  );
}

function Ladder({ rungs }: { rungs: Rungs }) {
  return rungs.map((rung) => (
    <span key={rung.minimum} className="rung">
      <span className="muted">{`≥${rung.minimum} `}</span>
      <Money value={rung.unit_price} unit />
    </span>
  ));
}

function Books() {
  const { t } = useTranslation();
  const word = useWord();
  const skuName = useSkuName();
  const books = useBooks();
  const [search] = useListState();
  const book = search.book_id ?? books[0]?.id;
  if (!book) return <EmptyState title={t("prices.no_books")} text={t("prices.no_books_text")} />;
  return (
    <DataTable<Of<"PriceOut">>
      key={book}
      id="pricelist"
      label={t("prices.books")}
      rowKey={(p) => p.sku_id}
      filters={[
        {
          id: "book_id",
          label: books.find((b) => b.id === book)?.name ?? t("f.book"),
          choices: books.map((b) => ({ value: b.id, label: `${b.name} · ${word("book", b.kind)}` })),
        },
      ]}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (p) => skuName(p.sku_id), value: (p) => skuName(p.sku_id) },
        {
          id: "one",
          title: t("f.unit_price"),
          cell: (p) => <Money value={p.rungs[0]?.unit_price} unit />,
          value: (p) => Number(p.rungs[0]?.unit_price.amount ?? 0),
          end: true,
        },
        { id: "ladder", title: t("f.ladder"), cell: (p) => <Ladder rungs={p.rungs} /> },
        { id: "id", title: t("f.id"), cell: (p) => <CopyCode text={p.sku_id} />, hidden: true },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/books/{book_id}/prices", {
            params: { path: { book_id: book }, query: { cursor, size: 100 } },
          }),
        )
      }
      empty={{ title: t("prices.empty"), text: t("prices.empty_text") }}
    />
  );
}

function Changes() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const undo = useAct(
    (id: string) =>
      got(
        api.POST("/console/v1/price-changes/{change_id}/undo", {
          params: { path: { change_id: id } },
          body: {},
        }),
      ),
    "pricechanges",
    "pricelist",
  );
  return (
    <DataTable<Of<"ChangeOut">>
      id="pricechanges"
      label={t("prices.changes")}
      rowKey={(c) => c.id}
      columns={[
        { id: "at", title: t("f.at"), cell: (c) => <Time at={c.at} /> },
        { id: "kind", title: t("f.kind"), cell: (c) => word("change", c.kind) },
        { id: "entries", title: t("f.entries"), cell: (c) => c.entries.toLocaleString(), end: true },
        { id: "from", title: t("f.valid_from"), cell: (c) => <Time at={c.valid_from} /> },
        { id: "author", title: t("f.author"), cell: (c) => c.author },
        { id: "reason", title: t("f.reason"), cell: (c) => c.reason || "–" },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/price-changes", { params: { query: { cursor, size: 50 } } }))
      }
      detail={(_id, row) =>
        row && (
          <>
            {may("pricing.write") && (
              <div className="acts" style={{ marginBottom: 16 }}>
                <DangerConfirm
                  label={t("prices.undo")}
                  effect={t("prices.undo_text", { count: row.entries })}
                  type={String(row.entries)}
                  testid="undo"
                  run={() => undo.mutateAsync(row.id)}
                />
              </div>
            )}
            <Descriptions
              pairs={[
                [t("f.kind"), word("change", row.kind)],
                [t("f.entries"), row.entries],
                [t("f.author"), row.author],
                [t("f.reason"), row.reason],
                [t("f.at"), <Time key="a" at={row.at} />],
                [t("f.id"), <CopyCode key="i" text={row.id} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? word("change", row.kind) : id)}
      empty={{ title: t("prices.no_changes"), text: t("prices.no_changes_text") }}
    />
  );
}

function Proposals() {
  const { t } = useTranslation();
  const may = useMay();
  const skuName = useSkuName();
  const book = nameIn(useBooks());
  const decide = useAct(
    ({ id, approve }: { id: string; approve: boolean }) =>
      got(
        api.POST("/console/v1/price-proposals/{proposal_id}/decide", {
          params: { path: { proposal_id: id } },
          body: { approve },
        }),
      ),
    "proposals",
    "prices",
  );
  return (
    <DataTable<Of<"ProposalOut">>
      id="proposals"
      label={t("prices.proposals")}
      rowKey={(p) => p.id}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (p) => skuName(p.sku_id) },
        { id: "state", title: t("f.status"), cell: (p) => <StatusTag kind="proposal" code={p.state} /> },
        { id: "book", title: t("f.book"), cell: (p) => book(p.book_id) },
        {
          id: "old",
          title: t("prices.old"),
          cell: (p) => <Money value={p.old_unit_price} unit />,
          end: true,
        },
        {
          id: "new",
          title: t("prices.new"),
          cell: (p) => <Money value={p.rungs[0]?.unit_price} unit />,
          end: true,
        },
        { id: "cost", title: t("f.cost"), cell: (p) => <Money value={p.cost} unit />, end: true },
        { id: "why", title: t("f.reason"), cell: (p) => p.why },
        { id: "at", title: t("f.at"), cell: (p) => <Time at={p.at} near /> },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/price-proposals", { params: { query: { cursor, size: 50 } } }))
      }
      detail={(_id, row) =>
        row && (
          <>
            {may("pricing.write") && !row.decided_by && (
              <div className="acts" style={{ marginBottom: 16 }}>
                <AskButton
                  label={t("prices.approve")}
                  effect={t("prices.approve_text")}
                  primary
                  run={() => decide.mutateAsync({ id: row.id, approve: true })}
                />
                <AskButton
                  label={t("prices.refuse")}
                  danger
                  run={() => decide.mutateAsync({ id: row.id, approve: false })}
                />
              </div>
            )}
            <Descriptions
              pairs={[
                [t("prices.old"), <Money key="o" value={row.old_unit_price} unit />],
                [t("prices.new"), <Ladder key="n" rungs={row.rungs} />],
                [t("f.cost"), <Money key="c" value={row.cost} unit />],
                [t("f.reason"), row.why],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? skuName(row.sku_id) : id)}
      empty={{ title: t("prices.no_proposals"), text: t("prices.no_proposals_text") }}
    />
  );
}
