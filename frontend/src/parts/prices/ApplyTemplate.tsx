import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBooks, useBrands, useSkuName } from "@/api/names";
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
  const seen = useRef<string | undefined>(undefined);
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
        const body = { ...rest, filter: of(sent), hash: seen.current ?? "" } as unknown as Of<"ApplyIn">;
        const params = { path: { template_id: template.id } };
        return got(api.POST("/console/v1/price-templates/{template_id}/apply", { params, body }));
      }}
    >
      {(values) => (
        <Preview
          template={template.id}
          book={String(values.book_id)}
          of={of(values)}
          seen={(hash) => {
            seen.current = hash;
          }}
        />
      )}
    </FormButton>
  );
}

/** All goods, or those of a brand, however many there are. */
const of = (values: Values): { brand_id?: string } =>
  values.brand_id ? { brand_id: String(values.brand_id) } : {};

const ROWS = 200;

interface Props {
  template: string;
  book: string;
  of: { brand_id?: string };
  seen: (hash: string | undefined) => void;
}

function Preview({ template, book, of, seen }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const skuName = useSkuName();
  const { data, error } = useQuery({
    queryKey: ["templatelook", template, book, of],
    enabled: book !== "",
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: () =>
      got(
        api.POST("/console/v1/price-templates/{template_id}/preview", {
          params: { path: { template_id: template } },
          body: { book_id: book, filter: of, most_rows: ROWS } as Of<"PreviewIn">,
        }),
      ),
  });
  const tell = useRef(seen);
  tell.current = seen;
  useEffect(() => tell.current(data?.hash), [data?.hash]);
  if (!book) return <p className="muted">{t("template.choose_book")}</p>;
  if (error && !data) return <FaultNote error={error} />;
  if (!data) return <Bones rows={4} />;
  const all = Object.values(data.counts).reduce((sum, n) => sum + n, 0);
  return (
    <Part title={t("look.title")}>
      <p data-testid="outcomes">
        {Object.entries(data.counts)
          .map(([outcome, n]) => `${word("look", outcome)} ${n.toLocaleString()}`)
          .join(" · ")}
      </p>
      {all > data.rows.length && (
        <p className="muted">
          {t("template.first_rows", { count: data.rows.length, all: all.toLocaleString() })}
        </p>
      )}
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
