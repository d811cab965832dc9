import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { both, type Field, FormButton, type Values } from "@/ui/form";
import { type Rule, rulesOf } from "./of";

const KINDS = ["velocity", "cap"] as const;
const BY = ["buyer", "key", "ip", "end_user_ip", "device", "target", "sku_buyer"] as const;
const PER = ["buyer", "key", "end_user_ip", "device", "target", "everybody"] as const;
const ACTIONS = ["observe", "review", "refuse"] as const;
const DAY_S = 86_400;

/** What is counted, how much of it is allowed, and what happens above; the kind of a rule stays. */
export function RuleForm({ of }: { of?: Rule }) {
  const { t } = useTranslation();
  const word = useWord();
  const words = (kind: string, codes: readonly string[]) =>
    codes.map((value) => ({ value, label: word(kind, value) }));
  const velocity = (values: Values): boolean => values.kind === "velocity";
  const cap = (values: Values): boolean => values.kind === "cap";
  const fields: Field[] = [
    ...both("name", { zh: t("f.name_zh"), en: t("f.name_en") }, { must: true, most: 80 }),
    {
      kind: "choice",
      name: "kind",
      label: t("f.kind"),
      must: true,
      fixed: of !== undefined,
      choices: words("risk_rule_kind", of ? [of.kind] : KINDS),
      hint: t("risk.kind_hint"),
    },
    {
      kind: "choice",
      name: "by",
      label: t("risk.by"),
      must: true,
      when: velocity,
      choices: words("risk_dimension", BY),
    },
    {
      kind: "choice",
      name: "per",
      label: t("risk.by"),
      must: true,
      when: cap,
      also: ["params.per"],
      choices: words("risk_per", PER),
    },
    {
      kind: "whole",
      name: "limit",
      label: t("risk.limit"),
      must: true,
      half: true,
      least: 1,
      most: 10_000_000,
      when: velocity,
    },
    {
      kind: "whole",
      name: "quantity",
      label: t("risk.pieces"),
      must: true,
      half: true,
      least: 1,
      most: 1_000_000_000,
      when: cap,
    },
    {
      kind: "whole",
      name: "window_s",
      label: t("risk.window"),
      must: true,
      half: true,
      least: 1,
      most: DAY_S,
      when: velocity,
      hint: t("risk.window_hint"),
    },
    {
      kind: "whole",
      name: "span_s",
      label: t("risk.window"),
      must: true,
      half: true,
      least: 0,
      most: DAY_S,
      when: cap,
      hint: t("risk.span_hint"),
    },
    {
      kind: "rows",
      name: "skus",
      label: t("f.sku"),
      add: t("risk.add_sku"),
      hint: t("risk.skus_hint"),
      when: cap,
      also: ["params.sku_ids"],
      blank: { id: "" },
      of: [
        {
          kind: "pick",
          name: "id",
          label: t("f.sku"),
          must: true,
          of: "sku",
        },
      ],
    },
    { kind: "yes", name: "each_sku", label: t("risk.each_sku"), when: cap },
    {
      kind: "choice",
      name: "action",
      label: t("risk.then"),
      must: true,
      choices: words("risk_rule_action", ACTIONS),
      hint: t("risk.then_hint"),
    },
    { kind: "yes", name: "enabled", label: t("restock.active") },
  ];
  return (
    <FormButton
      name={`risk-rule-${of?.id ?? "new"}`}
      label={t(of ? "make.edit" : "risk.add_rule")}
      primary={!of}
      touched={["risk-rules"]}
      fields={fields}
      first={
        of
          ? valuesOf(of)
          : { kind: "velocity", window_s: 60, span_s: DAY_S, action: "observe", enabled: true }
      }
      version={of?.version}
      fresh={
        of &&
        (async () => {
          const now = (await rulesOf()).find((one) => one.id === of.id) ?? of;
          return { values: valuesOf(now), version: now.version };
        })
      }
      send={(values, { version }) => {
        const { kind, params, ...rest } = bodyOf(values);
        return of
          ? got(
              api.PATCH("/console/v1/risk/rules/{rule_id}", {
                params: { path: { rule_id: of.id } },
                body: {
                  ...rest,
                  ...(of.kind !== "list" && { params }),
                  version,
                } as unknown as Of<"RuleChange">,
              }),
            )
          : got(
              api.POST("/console/v1/risk/rules", {
                body: { ...rest, kind, params } as unknown as Of<"RuleIn">,
              }),
            );
      }}
    />
  );
}

interface Params {
  by?: string;
  limit?: number;
  per?: string;
  quantity?: number;
  window_s?: number;
  sku_ids?: string[];
  each_sku?: boolean;
}

function valuesOf(rule: Rule): Values {
  const { sku_ids = [], window_s, ...params } = rule.params as Params;
  const { name_zh, name_en, kind, action, enabled } = rule;
  return {
    ...{ name_zh, name_en, kind, action, enabled },
    ...params,
    window_s,
    span_s: window_s,
    skus: sku_ids.map((id) => ({ id })),
  };
}

function bodyOf({ name_zh, name_en, kind, action, enabled, ...rest }: Values) {
  const { by, limit, window_s, per, quantity, span_s, skus, each_sku } = rest;
  const params =
    kind === "cap"
      ? {
          ...{ per, quantity, window_s: span_s, each_sku },
          sku_ids: ((skus as { id: string }[] | undefined) ?? []).map((one) => one.id),
        }
      : { by, limit, window_s };
  return { name_zh, name_en, kind, action, enabled, params };
}
