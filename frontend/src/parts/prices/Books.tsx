import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBooks, useSkuName, useTiers } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, EmptyState, Money, useListState } from "@/ui";
import { FormButton } from "@/ui/form";
import { PriceForm } from "./PriceForm";

export function Ladder({ rungs }: { rungs: Of<"Rung">[] }) {
  return rungs.map((rung) => (
    <span key={rung.minimum} className="rung">
      <span className="muted">{`≥${rung.minimum} `}</span>
      <Money value={rung.unit_price} unit />
    </span>
  ));
}

/** One book: the list's, a tier's, or one buyer's. */
export function Books() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const skuName = useSkuName();
  const books = useBooks();
  const [search] = useListState();
  const book = search.book_id ?? books[0]?.id;
  const open = may("pricing.write") && (
    <div className="acts gap">
      <BookForm />
    </div>
  );
  if (!book)
    return <EmptyState title={t("prices.no_books")} text={t("prices.no_books_text")} action={open} />;
  return (
    <>
      {open}
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
        detail={(id, row) => (
          <>
            <div className="acts gap">
              <PriceForm sku={id} book={book} rungs={row?.rungs} />
            </div>
            {row && <Ladder rungs={row.rungs} />}
          </>
        )}
        detailTitle={(_row, id) => skuName(id)}
        empty={{
          title: t("prices.empty"),
          text: t("prices.empty_text"),
          action: <Go needs="pricing.write" page="prices" label={t("matrix.title")} />,
        }}
      />
    </>
  );
}

function BookForm() {
  const { t } = useTranslation();
  const choices = useChoices();
  const tiers = useTiers();
  return (
    <FormButton
      name="book"
      label={t("prices.new_book")}
      touched={["names"]}
      fields={[
        {
          kind: "choice",
          name: "kind",
          label: t("f.kind"),
          must: true,
          choices: choices("book", ["tier", "contract", "list"]),
        },
        { kind: "text", name: "name", label: t("f.name"), must: true, most: 200 },
        {
          kind: "choice",
          name: "tier_id",
          label: t("f.tier"),
          must: true,
          choices: tiers.map((one) => ({ value: one.id, label: one.name })),
          when: (v) => v.kind === "tier",
        },
        {
          kind: "pick",
          name: "buyer_id",
          label: t("f.buyer"),
          must: true,
          of: "buyer",
          when: (v) => v.kind === "contract",
        },
      ]}
      first={{ kind: "tier", name: "", tier_id: "", buyer_id: "" }}
      codes={{ book_exists: "kind" }}
      send={(sent) => got(api.POST("/console/v1/books", { body: sent as unknown as Of<"BookIn"> }))}
    />
  );
}
