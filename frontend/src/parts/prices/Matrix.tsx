import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBooks } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { type Column, DataTable, Descriptions, Input, Money, Part, type Search, Small } from "@/ui";
import { type Edits, useEdits } from "./edits";
import { MatrixSave } from "./MatrixSave";
import { PriceForm } from "./PriceForm";
import { Margin } from "./PricePreview";

interface Row {
  sku: Of<"SkuOut">;
  cost: Of<"Money"> | null;
  floor: Of<"Money">;
  in: Map<string, Of<"EarnedOut">[]>;
}

/** Goods down, books across: what a piece costs in each, changed in place, looked at, then written. */
export function Matrix() {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  const may = useMay();
  const queries = useQueryClient();
  const books = useBooks().filter((one) => one.kind !== "contract");
  const [edits, edit, forget] = useEdits();
  const load = async ({ q, cursor }: Search) => {
    const page = await got(api.GET("/console/v1/skus", { params: { query: { q, cursor, size: 50 } } }));
    if (!page.items.length) return { ...page, items: [] };
    const sku_id = page.items.map((sku) => sku.id);
    const found = await got(api.GET("/console/v1/price-matrix", { params: { query: { sku_id } } }));
    const by = new Map(found.rows.map((row) => [row.sku_id, row]));
    const items = page.items.flatMap((sku): Row[] => {
      const row = by.get(sku.id);
      if (!row) return [];
      return [
        { sku, cost: row.cost, floor: row.floor, in: new Map(row.prices.map((p) => [p.book_id, p.rungs])) },
      ];
    });
    return { ...page, items };
  };
  const column = (book: Of<"BookOut">): Column<Row> => ({
    id: book.id,
    title: book.kind === "list" ? word("book", book.kind) : book.name,
    end: true,
    cell: (row) => <Cell row={row} book={book} edits={edits} edit={edit} may={may("pricing.write")} />,
  });
  const again = async (): Promise<void> => {
    forget();
    await Promise.all(
      ["pricematrix", "pricelist", "pricechanges", "prices"].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    );
  };
  return (
    <>
      <MatrixSave edits={edits} books={books} forget={forget} done={again} />
      <DataTable<Row>
        id="pricematrix"
        label={t("matrix.title")}
        rowKey={(row) => row.sku.id}
        find={t("goods.find")}
        columns={[
          {
            id: "sku",
            title: t("f.sku"),
            cell: (row) => said(pair(row.sku)),
            value: (row) => said(pair(row.sku)),
          },
          { id: "code", title: t("f.code"), cell: (row) => <code>{row.sku.code}</code>, hidden: true },
          { id: "cost", title: t("f.cost"), cell: (row) => <Money value={row.cost} unit />, end: true },
          {
            id: "floor",
            title: t("look.floor"),
            cell: (row) => (row.cost ? <Money value={row.floor} unit /> : "–"),
            end: true,
          },
          ...books.map(column),
        ]}
        load={load}
        detail={(_id, row) => row && <Ladders row={row} books={books} />}
        detailTitle={(row, id) => (row ? said(pair(row.sku)) : id)}
        empty={{
          title: t("goods.empty"),
          text: t("goods.empty_text"),
          action: <Go needs="catalog.write" page="goods" search={{ form: "sku" }} label={t("make.sku")} />,
        }}
      />
    </>
  );
}

interface CellProps {
  row: Row;
  book: Of<"BookOut">;
  edits: Edits;
  edit: (book: string, sku: string, rungs: Of<"Rung">[], amount: string | undefined) => void;
  may: boolean;
}

function Cell({ row, book, edits, edit, may }: CellProps) {
  const { t } = useTranslation();
  const said = useSaid();
  const rungs = row.in.get(book.id) ?? [];
  const first = rungs[0];
  const held = first?.unit_price.amount ?? "";
  const changed = edits[book.id]?.[row.sku.id]?.amount;
  if (!may) return <Money value={first?.unit_price} unit />;
  return (
    <span className={changed === undefined ? "price" : "price changed"}>
      <Input
        aria-label={t("matrix.price_of", { sku: said(pair(row.sku)), book: book.name })}
        data-testid={`price-${row.sku.code}-${book.kind}`}
        inputMode="decimal"
        placeholder="–"
        value={changed ?? held}
        onChange={(event) => {
          const amount = event.target.value;
          edit(
            book.id,
            row.sku.id,
            rungs.map(({ minimum, unit_price }) => ({ minimum, unit_price })),
            amount === held ? undefined : amount,
          );
        }}
      />
      <small>
        {rungs.length > 1 && <span className="muted">{t("matrix.more", { count: rungs.length - 1 })} </span>}
        {first && changed === undefined && <Margin of={first} />}
      </small>
    </span>
  );
}

function Ladders({ row, books }: { row: Row; books: Of<"BookOut">[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.code"), <code key="c">{row.sku.code}</code>],
          [t("f.cost"), <Money key="m" value={row.cost} unit />],
          [t("look.floor"), row.cost && <Money key="f" value={row.floor} unit />],
        ]}
      />
      {books.map((book) => {
        const rungs = row.in.get(book.id) ?? [];
        return (
          <Part
            key={book.id}
            title={book.name}
            actions={<PriceForm sku={row.sku.id} book={book.id} rungs={rungs.length ? rungs : undefined} />}
          >
            <Small
              rows={rungs}
              keyOf={(rung) => String(rung.minimum)}
              none={t("goods.no_prices")}
              columns={[
                [t("make.minimum"), (rung) => rung.minimum, "end"],
                [t("f.unit_price"), (rung) => <Money value={rung.unit_price} unit />, "end"],
                [t("look.margin"), (rung) => <Margin of={rung} />, "end"],
              ]}
            />
          </Part>
        );
      })}
    </>
  );
}
