import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBooks, useBrands, useProducts, useSkuName, useSkus } from "@/api/names";
import { useSaid, useWord } from "@/i18n";
import { Bones, FaultNote, Money, Part, Small } from "@/ui";
import { FormButton, type Values } from "@/ui/form";

type Template = Of<"TemplateOut">;

/** What a template would do to a book, SKU by SKU; then exactly that, or nothing. */
export function ApplyTemplate({ template }: { template: Template }) {
  const { t } = useTranslation();
  const said = useSaid();
  const books = useBooks();
  const brands = useBrands();
  const products = useProducts();
  const skus = useSkus();
  const seen = useRef<string | undefined>(undefined);
  const chosen = (v: Values): string[] => {
    const brand = new Map(products.map((one) => [one.id, one.brand_id]));
    return [...skus.values()]
      .filter((sku) => sku.status !== "deleted" && (!v.brand_id || brand.get(sku.product_id) === v.brand_id))
      .map((sku) => sku.id);
  };
  return (
    <FormButton
      name={`apply-${template.id}`}
      label={t("template.apply")}
      title={t("template.apply_title", { name: template.name })}
      submit={t("template.apply_go")}
      wide
      touched={["pricematrix", "pricelist", "pricechanges", "prices"]}
      fields={[
        {
          kind: "choice",
          name: "book_id",
          label: t("f.book"),
          must: true,
          half: true,
          choices: books.map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: "choice",
          name: "brand_id",
          label: t("f.brand"),
          half: true,
          nothing: t("template.all"),
          choices: brands.map((one) => ({ value: one.id, label: said(pair(one)) })),
        },
        { kind: "text", name: "reason", label: t("f.reason"), most: 500 },
      ]}
      first={{ book_id: "", brand_id: "", reason: "" }}
      send={(sent) => {
        const { brand_id: _brand, ...rest } = sent;
        const body = { ...rest, sku_ids: chosen(sent), hash: seen.current ?? "" } as unknown as Of<"ApplyIn">;
        const params = { path: { template_id: template.id } };
        return got(api.POST("/console/v1/price-templates/{template_id}/apply", { params, body }));
      }}
    >
      {(values) => (
        <Preview
          template={template.id}
          book={String(values.book_id)}
          skus={chosen(values)}
          seen={(hash) => {
            seen.current = hash;
          }}
        />
      )}
    </FormButton>
  );
}

interface Props {
  template: string;
  book: string;
  skus: string[];
  seen: (hash: string | undefined) => void;
}

function Preview({ template, book, skus, seen }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const skuName = useSkuName();
  const { data, error } = useQuery({
    queryKey: ["templatelook", template, book, skus],
    enabled: book !== "" && skus.length > 0,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: () =>
      got(
        api.POST("/console/v1/price-templates/{template_id}/preview", {
          params: { path: { template_id: template } },
          body: { book_id: book, sku_ids: skus },
        }),
      ),
  });
  const tell = useRef(seen);
  tell.current = seen;
  useEffect(() => tell.current(data?.hash), [data?.hash]);
  if (!book) return <p className="muted">{t("template.choose_book")}</p>;
  if (error && !data) return <FaultNote error={error} />;
  if (!data) return <Bones rows={4} />;
  return (
    <Part title={t("look.title")}>
      <Small
        rows={data.rows}
        keyOf={(row) => row.sku_id}
        none={t("goods.empty")}
        columns={[
          [t("f.sku"), (row) => skuName(row.sku_id)],
          [
            t("template.outcome"),
            (row) => <span data-outcome={row.outcome}>{word("look", row.outcome)}</span>,
          ],
          [t("template.base"), (row) => <Money value={row.base?.[0]?.unit_price} unit />, "end"],
          [t("prices.old"), (row) => <Money value={row.old?.[0]?.unit_price} unit />, "end"],
          [t("prices.new"), (row) => <Money value={row.new?.[0]?.unit_price} unit />, "end"],
          [t("look.floor"), (row) => <Money value={row.floor} unit />, "end"],
        ]}
      />
    </Part>
  );
}
