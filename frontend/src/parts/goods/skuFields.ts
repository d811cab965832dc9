import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useTaxCategories } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { both, type Field, type Values } from "@/ui/form";
import { KINDS } from "./kinds";

type Sku = Of<"SkuOut">;

const CLASSES = [
  "coupon_promo",
  "direct_topup",
  "specific_item_voucher",
  "stored_value_multi",
  "stored_value_single",
  "subscription",
] as const;
const CARRIERS = ["mobile", "unicom", "telecom", "broadnet", "virtual"] as const;
const AT_SALE = ["code", "link", "voucher", "shared_code"];
const NOT_BUNDLE = (v: Values): boolean => v.kind !== "bundle";

export function skuValues(sku?: Sku, product = ""): Values {
  return {
    product_id: sku?.product_id ?? product,
    code: sku?.code ?? "",
    name_zh: sku?.name_zh ?? "",
    name_en: sku?.name_en ?? "",
    kind: sku?.kind ?? "code",
    face_value: sku?.face_value?.amount ?? "",
    validity_days: sku?.validity_days ?? null,
    period_months: sku?.period_months ?? null,
    max_quantity: sku?.max_quantity ?? 100,
    low_stock: sku?.low_stock ?? null,
    release_at: sku?.release_at ?? "",
    case_sensitive: sku?.case_sensitive ?? false,
    instrument_class: sku?.instrument_class ?? "",
    issuer: sku?.issuer ?? "",
    redeem_scope: sku?.redeem_scope ?? "",
    registered: sku?.registered === undefined || sku.registered === null ? "" : String(sku.registered),
    fund_mode: sku?.fund_mode ?? "principal",
    tax_category: sku?.tax_category ?? "",
    jurisdiction: sku?.jurisdiction ?? "CN",
    issuer_licence_no: sku?.issuer_licence_no ?? "",
    issuer_licence_expires: sku?.issuer_licence_expires ?? "",
    issuer_licence_sha256: sku?.issuer_licence_sha256 ?? "",
    components: sku?.components.map((one) => ({ ...one })) ?? [],
    fields: sku?.fields.map((one) => ({ ...one, choices: one.choices?.join("\n") ?? "" })) ?? [],
  };
}

/** As the API takes it; what was not asked of this kind is emptied. */
export function skuBody(sent: Values): Values {
  const { registered } = sent;
  return {
    components: [],
    fields: [],
    ...sent,
    registered: registered === "true" ? true : registered === "false" ? false : null,
  };
}

/** Which fields a SKU of each kind has. `kept`: it was on sale, so its kind is fixed. */
export function useSkuFields(kept: boolean): Field[] {
  const { t } = useTranslation();
  const word = useWord();
  const choices = useChoices();
  const currency = useMe().mall.currency;
  const taxes = useTaxCategories();
  const stored = (v: Values): boolean => v.instrument_class === "stored_value_multi";
  return [
    {
      kind: "pick",
      name: "product_id",
      label: t("make.product_of"),
      must: true,
      of: "product",
      empty: t("make.no_product"),
    },
    {
      kind: "choice",
      name: "kind",
      label: t("f.kind"),
      must: true,
      fixed: kept,
      half: true,
      choices: choices("kind", KINDS),
    },
    { kind: "text", name: "code", label: t("make.code"), must: true, most: 80, code: true, half: true },
    ...both("name", { zh: t("f.name_zh"), en: t("f.name_en") }, { must: true, most: 200 }),
    {
      kind: "money",
      name: "face_value",
      label: t("f.face_value"),
      currency,
      half: true,
      none: null,
      also: ["face_value_e4", "face_currency"],
      when: NOT_BUNDLE,
    },
    {
      kind: "whole",
      name: "validity_days",
      label: t("make.validity"),
      least: 1,
      most: 36_500,
      unit: t("make.days"),
      half: true,
      none: null,
      hint: t("make.validity_hint"),
      when: (v) => AT_SALE.includes(String(v.kind)),
    },
    {
      kind: "whole",
      name: "period_months",
      label: t("make.period"),
      least: 1,
      most: 1200,
      unit: t("make.months"),
      half: true,
      none: null,
      when: (v) => v.kind === "membership",
    },
    {
      kind: "yes",
      name: "case_sensitive",
      label: t("make.case_sensitive"),
      when: (v) => !kept && AT_SALE.includes(String(v.kind)),
    },
    {
      kind: "rows",
      name: "components",
      label: t("goods.components"),
      add: t("make.add_part"),
      blank: { sku_id: "", quantity: 1 },
      must: true,
      when: (v) => v.kind === "bundle",
      of: useParts(),
    },
    {
      kind: "rows",
      name: "fields",
      label: t("goods.fields"),
      add: t("make.add_field"),
      blank: BLANK,
      when: (v) => v.kind === "topup" || v.kind === "membership",
      of: useInputs(),
    },
    {
      kind: "choice",
      name: "instrument_class",
      label: t("f.instrument"),
      half: true,
      none: null,
      choices: choices("instrument", CLASSES),
      when: NOT_BUNDLE,
    },
    {
      kind: "choice",
      name: "tax_category",
      label: t("f.tax"),
      half: true,
      none: null,
      choices: taxes.map((value) => ({ value, label: word("tax", value) })),
      when: NOT_BUNDLE,
    },
    {
      kind: "text",
      name: "issuer",
      label: t("f.issuer"),
      half: true,
      most: 200,
      none: null,
      when: NOT_BUNDLE,
    },
    {
      kind: "choice",
      name: "redeem_scope",
      label: t("make.redeem_scope"),
      half: true,
      none: null,
      choices: choices("redeem_scope", ["brand", "group", "issuer", "several"]),
      when: NOT_BUNDLE,
    },
    {
      kind: "choice",
      name: "registered",
      label: t("make.registered"),
      half: true,
      choices: [
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ],
      when: NOT_BUNDLE,
    },
    {
      kind: "choice",
      name: "fund_mode",
      label: t("make.fund_mode"),
      half: true,
      must: true,
      choices: choices("fund_mode", ["principal", "agent"]),
    },
    {
      kind: "text",
      name: "issuer_licence_no",
      label: t("make.licence_no"),
      half: true,
      none: null,
      when: stored,
    },
    {
      kind: "day",
      name: "issuer_licence_expires",
      label: t("make.licence_expires"),
      half: true,
      none: null,
      when: stored,
    },
    {
      kind: "text",
      name: "issuer_licence_sha256",
      label: t("make.licence_sha256"),
      code: true,
      none: null,
      when: stored,
    },
    {
      kind: "text",
      name: "jurisdiction",
      label: t("make.jurisdiction"),
      half: true,
      code: true,
      most: 6,
      when: NOT_BUNDLE,
    },
    { kind: "whole", name: "max_quantity", label: t("f.most"), least: 1, most: 1_000_000, half: true },
    { kind: "whole", name: "low_stock", label: t("make.low_stock"), least: 0, half: true, none: null },
    {
      kind: "moment",
      name: "release_at",
      label: t("make.release_at"),
      hint: t("make.release_hint"),
      none: null,
    },
  ];
}

function useParts(): Field[] {
  const { t } = useTranslation();
  return [
    {
      kind: "pick",
      name: "sku_id",
      label: t("f.sku"),
      must: true,
      half: true,
      of: "sku",
      where: { kind: KINDS.filter((one) => one !== "bundle") },
    },
    { kind: "whole", name: "quantity", label: t("f.quantity"), must: true, half: true, least: 1, most: 100 },
  ];
}

const BLANK: Values = {
  name: "",
  label_zh: "",
  label_en: "",
  type: "text",
  required: true,
  target: false,
  min_length: 1,
  max_length: 200,
  choices: "",
  checked: false,
  ported: "refuse",
};

/** What an order must say for a top-up, and how each is looked at before anything is charged. */
function useInputs(): Field[] {
  const { t } = useTranslation();
  const choices = useChoices();
  const phone = (v: Values): boolean => v.target === true && v.type === "phone";
  return [
    {
      kind: "text",
      name: "name",
      label: t("make.field_name"),
      must: true,
      half: true,
      code: true,
      most: 64,
      hint: t("make.field_name_hint"),
    },
    {
      kind: "choice",
      name: "type",
      label: t("f.kind"),
      must: true,
      half: true,
      choices: choices("field", ["text", "phone", "email", "digits", "choice"]),
    },
    ...both("label", { zh: t("make.label_zh"), en: t("make.label_en") }, { must: true, most: 200 }),
    {
      kind: "list",
      name: "choices",
      label: t("make.choices"),
      hint: t("make.one_a_line"),
      when: (v) => v.type === "choice",
    },
    {
      kind: "whole",
      name: "min_length",
      label: t("make.min_length"),
      least: 1,
      most: 200,
      half: true,
      when: (v) => v.type !== "choice",
    },
    {
      kind: "whole",
      name: "max_length",
      label: t("make.max_length"),
      least: 1,
      most: 200,
      half: true,
      when: (v) => v.type !== "choice",
    },
    {
      kind: "text",
      name: "pattern",
      label: t("make.pattern"),
      code: true,
      most: 500,
      none: null,
      example: "[0-9]{11}",
      hint: t("make.pattern_hint"),
      when: (v) => v.type === "text" || v.type === "digits",
    },
    { kind: "yes", name: "required", label: t("f.required") },
    { kind: "yes", name: "target", label: t("make.target") },
    { kind: "yes", name: "checked", label: t("make.checked"), when: (v) => v.target === true },
    {
      kind: "choice",
      name: "carrier",
      label: t("make.carrier"),
      half: true,
      none: null,
      choices: choices("carrier", CARRIERS),
      when: phone,
    },
    {
      kind: "text",
      name: "region",
      label: t("make.region"),
      half: true,
      code: true,
      none: null,
      example: "CN-GD",
      when: phone,
    },
    {
      kind: "choice",
      name: "ported",
      label: t("make.ported"),
      must: true,
      choices: choices("ported_rule", ["refuse", "follow"]),
      when: phone,
    },
  ];
}
