import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBooks } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { type Field, FormButton, type Values } from "@/ui/form";
import { PricePreview } from "./PricePreview";

interface Props {
  sku: string;
  book?: string;
  rungs?: Of<"Rung">[];
}

interface Rungs {
  rungs: { minimum: number; unit_price: Of<"Money"> }[];
}

/** The ladder of one SKU in one book: looked at beside cost and floor, then from now on or from an instant to come. */
export function PriceForm({ sku, book, rungs }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const { currency } = useMe().mall;
  const books = useBooks();
  if (!may("pricing.write")) return null;
  const money = (v: Values): string => books.find((one) => one.id === v.book_id)?.currency ?? currency;
  const fields: Field[] = [
    {
      kind: "choice",
      name: "book_id",
      label: t("f.book"),
      must: true,
      choices: books.map((one) => ({ value: one.id, label: `${one.name} · ${word("book", one.kind)}` })),
    },
    {
      kind: "rows",
      name: "rungs",
      label: t("f.ladder"),
      must: true,
      also: ["prices"],
      add: t("make.add_rung"),
      blank: { minimum: null, unit_price: "" },
      of: [
        { kind: "whole", name: "minimum", label: t("make.minimum"), must: true, least: 1, half: true },
        { kind: "money", name: "unit_price", label: t("f.unit_price"), must: true, currency, half: true },
      ],
    },
    { kind: "moment", name: "valid_from", label: t("make.valid_from"), hint: t("make.valid_from_hint") },
    { kind: "text", name: "reason", label: t("f.reason"), most: 500 },
    ...(may("pricing.floor")
      ? [{ kind: "yes", name: "override_floor", label: t("make.override_floor") } as const]
      : []),
  ];
  const first: Values = {
    book_id: book ?? books.find((one) => one.kind === "list")?.id ?? "",
    rungs: rungs?.map((one) => ({ minimum: one.minimum, unit_price: one.unit_price.amount })) ?? [
      { minimum: 1, unit_price: "" },
    ],
    valid_from: "",
    reason: "",
    override_floor: false,
  };
  return (
    <FormButton
      name={`price-${book ?? ""}-${sku}`}
      label={rungs ? t("make.change_price") : t("make.price")}
      touched={["prices", "pricelist", "pricematrix", "pricechanges"]}
      fields={fields}
      first={first}
      codes={{ starts_in_the_past: "valid_from", below_floor: "rungs" }}
      send={(sent) => {
        const { rungs: ladder, ...rest } = sent as Values & Rungs;
        const priced = ladder.map((one) => ({
          ...one,
          unit_price: { ...one.unit_price, currency: money(sent) },
        }));
        const body = { ...rest, prices: [{ sku_id: sku, rungs: priced }] } as unknown as Of<"PricesIn">;
        return got(api.POST("/console/v1/prices", { body }));
      }}
    >
      {(values) => (
        <PricePreview
          book={String(values.book_id)}
          prices={[
            {
              sku_id: sku,
              rungs: (values.rungs as { minimum: number | null; unit_price: string }[]).map((one) => ({
                minimum: one.minimum ?? 0,
                unit_price: { amount: one.unit_price, currency: money(values) },
              })),
            },
          ]}
        />
      )}
    </FormButton>
  );
}
