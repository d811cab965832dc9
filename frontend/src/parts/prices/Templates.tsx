import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, pair, useBooks, useBrands, useSkuName } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { EmptyState, FaultNote, Small } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";
import { KINDS } from "../goods/kinds";
import { ApplyTemplate } from "./ApplyTemplate";

type Template = Of<"TemplateOut">;

export function useTemplates() {
  return useQuery({
    queryKey: ["pricetemplates"],
    queryFn: async () => (await got(api.GET("/console/v1/price-templates"))).items,
  });
}

/** Formulas by which many prices are made at once. */
export function Templates() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const book = nameIn(useBooks());
  const said = useSaid();
  const brands = useBrands();
  const skuName = useSkuName();
  const { data, error } = useTemplates();
  const formula = (one: Template): string =>
    [
      one.base === "book" ? book(one.base_book_id) : word("template_base", one.base),
      `+ ${one.percent_bp / 100} %`,
      Number(one.fixed) ? `+ ${one.fixed}` : "",
      one.rounding === "none" ? "" : word("price_rounding", one.rounding),
    ].join(" ");
  const without = (one: Template): string =>
    [
      ...one.exclude_kinds.map((kind) => word("kind", kind)),
      ...one.exclude_brand_ids.map((id) => said(pair(brands.find((brand) => brand.id === id))) || id),
      ...one.exclude_sku_ids.map(skuName),
    ].join(", ") || "–";
  if (error) return <FaultNote error={error} />;
  return (
    <>
      <div className="acts gap">{may("pricing.write") && <TemplateForm />}</div>
      {data?.length === 0 && <EmptyState title={t("template.none")} text={t("template.none_text")} />}
      {!!data?.length && (
        <Small
          rows={data}
          keyOf={(one) => one.id}
          none=""
          columns={[
            [t("f.name"), (one) => one.name],
            [t("template.formula"), formula],
            [t("template.least"), (one) => one.least ?? "–", "end"],
            [t("template.most"), (one) => one.most ?? "–", "end"],
            [t("template.without"), without],
            [
              "",
              (one) =>
                may("pricing.write") && (
                  <span className="acts nowrap">
                    <ApplyTemplate template={one} />
                    <TemplateForm template={one} />
                  </span>
                ),
            ],
          ]}
        />
      )}
    </>
  );
}

/** Saved under its name: another name is another template. */
function TemplateForm({ template }: { template?: Template }) {
  const { t } = useTranslation();
  const choices = useChoices();
  const { currency } = useMe().mall;
  const books = useBooks();
  const said = useSaid();
  const brands = useBrands();
  const out = (name: string, label: string, one: Field): Field => ({
    kind: "rows",
    name,
    label,
    add: t("template.exclude_add"),
    blank: { id: "" },
    of: [one],
  });
  const byBook = (v: Values): boolean => v.base === "book";
  const fields: Field[] = [
    { kind: "text", name: "name", label: t("f.name"), must: true, most: 120, hint: t("template.name_hint") },
    {
      kind: "choice",
      name: "base",
      label: t("template.base"),
      must: true,
      half: true,
      choices: choices("template_base", ["cost", "list", "book"]),
    },
    {
      kind: "choice",
      name: "base_book_id",
      label: t("f.book"),
      must: true,
      half: true,
      when: byBook,
      choices: books.map((one) => ({ value: one.id, label: one.name })),
    },
    { kind: "percent", name: "percent_bp", label: t("template.percent"), half: true, must: true },
    { kind: "money", name: "fixed", label: t("template.fixed"), bare: true, currency, half: true },
    {
      kind: "choice",
      name: "rounding",
      label: t("template.rounding"),
      must: true,
      choices: choices("price_rounding", ["none", "tenth", "00", "90", "99"]),
    },
    {
      kind: "money",
      name: "least",
      label: t("template.least"),
      bare: true,
      currency,
      half: true,
      none: null,
    },
    { kind: "money", name: "most", label: t("template.most"), bare: true, currency, half: true, none: null },
    {
      kind: "many",
      name: "exclude_kinds",
      label: t("template.exclude_kinds"),
      choices: choices("kind", KINDS),
    },
    out("exclude_brand_ids", t("template.exclude_brands"), {
      kind: "choice",
      name: "id",
      label: t("f.brand"),
      must: true,
      choices: brands.map((one) => ({ value: one.id, label: said(pair(one)) })),
    }),
    out("exclude_sku_ids", t("template.exclude_skus"), {
      kind: "pick",
      name: "id",
      label: t("f.sku"),
      must: true,
      of: "sku",
    }),
  ];
  return (
    <FormButton
      name={`template-${template?.id ?? ""}`}
      label={template ? t("make.edit") : t("template.new")}
      primary={!template}
      touched={["pricetemplates"]}
      fields={fields}
      codes={{ conflict: "name" }}
      first={valuesOf(template)}
      version={template?.version ?? 0}
      fresh={
        template &&
        (async () => {
          const { items } = await got(api.GET("/console/v1/price-templates"));
          const now = items.find((one) => one.id === template.id) ?? template;
          return { values: valuesOf(now), version: now.version };
        })
      }
      send={(sent, { version }) => {
        const ids = (rows: unknown): string[] => [
          ...new Set((rows as { id: string }[]).map((row) => row.id)),
        ];
        const body = {
          ...sent,
          // Under another name it is another template, and replaces none.
          version: template?.name === sent.name ? version : 0,
          exclude_brand_ids: ids(sent.exclude_brand_ids),
          exclude_sku_ids: ids(sent.exclude_sku_ids),
        };
        return got(api.PUT("/console/v1/price-templates", { body: body as unknown as Of<"TemplateIn"> }));
      }}
    />
  );
}

function valuesOf(one?: Template): Values {
  return {
    name: one?.name ?? "",
    base: one?.base ?? "cost",
    base_book_id: one?.base_book_id ?? "",
    percent_bp: one?.percent_bp ?? 1000,
    fixed: one?.fixed ?? "0",
    rounding: one?.rounding ?? "none",
    least: one?.least ?? "",
    most: one?.most ?? "",
    exclude_kinds: one?.exclude_kinds ?? [],
    exclude_brand_ids: (one?.exclude_brand_ids ?? []).map((id) => ({ id })),
    exclude_sku_ids: (one?.exclude_sku_ids ?? []).map((id) => ({ id })),
  };
}
