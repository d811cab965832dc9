import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useTaxCategories } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { CLASSES } from "@/parts/suppliers/PaperRules";
import { DataTable, StatusTag, Time } from "@/ui";
import { FormButton, type Values } from "@/ui/form";

type Rule = Of<"TaxRule">;
type When = "in_force" | "later" | "past";

const WHENS = ["in_force", "later", "past"] as const;
const OTHER = "+";

/** How what is sold is taxed and invoiced, since when. A rule is never changed: a newer one ends it. */
export function Tax() {
  const { t } = useTranslation();
  const word = useWord();
  const choices = useChoices();
  const categories = useTaxCategories();
  return (
    <>
      <p className="muted gap">{t("taxes.text")}</p>
      <div className="acts gap">
        <RuleForm categories={categories} />
      </div>
      <DataTable<Rule>
        id="tax-rules"
        label={t("taxes.title")}
        rowKey={idOf}
        filters={[
          {
            id: "tax_category",
            label: t("f.tax"),
            choices: categories.map((value) => ({ value, label: word("tax", value) })),
          },
          { id: "instrument_class", label: t("f.instrument"), choices: choices("instrument", CLASSES) },
          { id: "status", label: t("f.status"), choices: choices("taxrule", WHENS) },
        ]}
        columns={[
          {
            id: "category",
            title: t("f.tax"),
            cell: (one) => word("tax", one.category),
            value: (one) => one.category,
          },
          {
            id: "instrument",
            title: t("f.instrument"),
            cell: (one) => word("instrument", one.instrument_class),
            value: (one) => one.instrument_class,
          },
          { id: "fund", title: t("make.fund_mode"), cell: (one) => word("fund_mode", one.fund_mode) },
          {
            id: "rate",
            title: t("taxes.rate"),
            cell: (one) => `${one.rate_bp / 100}%`,
            value: (one) => one.rate_bp,
            end: true,
          },
          {
            id: "code",
            title: t("taxes.code"),
            cell: (one) => one.tax_code || <span className="muted">{t("taxes.unconfirmed")}</span>,
          },
          {
            id: "invoices",
            title: t("taxes.invoices"),
            cell: (one) => one.invoice_types.map((type) => word("invoice_type", type)).join(", ") || "–",
          },
          {
            id: "status",
            title: t("f.status"),
            cell: (one) => <StatusTag kind="taxrule" code={whenOf(one)} tone={TONES[whenOf(one)]} />,
          },
          {
            id: "from",
            title: t("f.valid_from"),
            cell: (one) => <Time at={one.valid_from} />,
            value: (one) => one.valid_from,
          },
          { id: "to", title: t("f.valid_to"), cell: (one) => <Time at={one.valid_to} /> },
          { id: "source", title: t("f.source"), cell: (one) => <span className="wrap">{one.source}</span> },
        ]}
        load={async ({ tax_category, instrument_class, status }) => ({
          items: (await got(api.GET("/console/v1/tax-rules"))).filter(
            (one) =>
              (!tax_category || one.category === tax_category) &&
              (!instrument_class || one.instrument_class === instrument_class) &&
              (!status || whenOf(one) === status),
          ),
        })}
        empty={{ title: t("taxes.none") }}
      />
    </>
  );
}

const TONES = { in_force: "good", later: "wait", past: "off" } as const;

const idOf = (one: Rule): string =>
  [one.category, one.instrument_class, one.fund_mode, one.valid_from].join(" ");

function whenOf(one: Rule): When {
  const now = Date.now();
  if (Date.parse(one.valid_from) > now) return "later";
  return one.valid_to && Date.parse(one.valid_to) <= now ? "past" : "in_force";
}

/** From an instant on; the open rule for the same ends there. */
function RuleForm({ categories }: { categories: string[] }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const choices = useChoices();
  if (!may("settlement.write") || !categories.length) return null;
  const send = ({ category, another, tax_code, ...rest }: Values) =>
    got(
      api.POST("/console/v1/tax-rules", {
        body: {
          ...rest,
          category: category === OTHER ? another : category,
          tax_code: tax_code ?? "",
        } as unknown as Of<"TaxRuleIn">,
      }),
    );
  return (
    <FormButton
      name="tax-rule"
      label={t("taxes.new")}
      primary
      touched={["tax-rules", "names"]}
      intro={<p className="muted">{t("taxes.new_text")}</p>}
      codes={{ tax_rule_overlaps: "valid_from" }}
      fields={[
        {
          kind: "choice",
          name: "category",
          label: t("f.tax"),
          must: true,
          choices: [
            ...categories.map((value) => ({ value, label: word("tax", value) })),
            { value: OTHER, label: t("taxes.another") },
          ],
        },
        {
          kind: "text",
          name: "another",
          label: t("taxes.another"),
          hint: t("taxes.another_hint"),
          must: true,
          most: 60,
          code: true,
          also: ["category"],
          when: (values) => values.category === OTHER,
        },
        {
          kind: "choice",
          name: "instrument_class",
          label: t("f.instrument"),
          must: true,
          half: true,
          choices: choices("instrument", CLASSES),
        },
        {
          kind: "choice",
          name: "fund_mode",
          label: t("make.fund_mode"),
          must: true,
          half: true,
          choices: choices("fund_mode", ["principal", "agent"]),
        },
        { kind: "percent", name: "rate_bp", label: t("taxes.rate"), must: true },
        {
          kind: "text",
          name: "tax_code",
          label: t("taxes.code"),
          hint: t("taxes.code_hint"),
          most: 19,
          code: true,
        },
        {
          kind: "many",
          name: "invoice_types",
          label: t("taxes.invoices"),
          choices: choices("invoice_type", ["general", "special"]),
        },
        { kind: "moment", name: "valid_from", label: t("f.valid_from"), must: true },
        { kind: "moment", name: "valid_to", label: t("f.valid_to"), hint: t("taxes.to_hint"), none: null },
        { kind: "text", name: "source", label: t("f.source"), hint: t("taxes.source_hint"), most: 500 },
      ]}
      first={{
        category: "",
        another: "",
        instrument_class: "",
        fund_mode: "principal",
        rate_bp: 600,
        tax_code: "",
        invoice_types: ["general"],
        valid_from: "",
        valid_to: "",
        source: "",
      }}
      send={send}
    />
  );
}
