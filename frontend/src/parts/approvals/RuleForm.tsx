import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";
import { FormButton, type Values } from "@/ui/form";

type Rule = Of<"ApprovalRuleOut">;
const MODES = ["off", "above", "always"] as const;

/** When an act needs a second person, who that is, and how soon. */
export function RuleForm({
  rule,
  currency,
  roles,
}: {
  rule: Rule;
  currency: string;
  roles: Of<"RoleOut">[];
}) {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const above =
    (limit: string) =>
    (values: Values): boolean =>
      values.mode === "above" && rule.limits.includes(limit);
  const deciders = roles.filter(
    (one) => one.organisation_kinds.includes("mall") && one.permissions.includes("approvals.decide"),
  );
  const params = { path: { act: rule.act } };
  return (
    <FormButton
      name={`rule-${rule.act}`}
      label={t("rules.change")}
      title={word("approval_act", rule.act)}
      intro={<p className="muted">{t("rules.change_text")}</p>}
      touched={["approval-rules", "inbox"]}
      fields={[
        {
          kind: "choice",
          name: "mode",
          label: t("rules.when"),
          must: true,
          choices: (rule.limits.length ? MODES : (["off", "always"] as const)).map((one) => ({
            value: one,
            label: word("approval_mode", one),
          })),
        },
        {
          kind: "money",
          name: "above_amount",
          label: t("rules.amount", { currency }),
          currency,
          none: null,
          when: above("amount"),
        },
        {
          kind: "whole",
          name: "above_count",
          label: t("rules.count"),
          least: 0,
          none: null,
          when: above("count"),
        },
        { kind: "percent", name: "above_bp", label: t("rules.percent"), none: null, when: above("move") },
        {
          kind: "choice",
          name: "role",
          label: t("rules.who"),
          nothing: t("rules.anyone"),
          none: "",
          choices: deciders.map((one) => ({ value: one.name, label: said(one) })),
        },
        {
          kind: "whole",
          name: "hours",
          label: t("rules.due_hours"),
          must: true,
          least: 1,
          most: 720,
          also: ["due_minutes"],
        },
      ]}
      first={valuesOf(rule)}
      version={rule.version}
      fresh={async () => {
        const { items } = await got(api.GET("/console/v1/approval-rules"));
        const now = items.find((one) => one.act === rule.act) ?? rule;
        return { values: valuesOf(now), version: now.version };
      }}
      send={({ hours, ...sent }, { version }) => {
        const limits = { above_amount: null, above_count: null, above_bp: null };
        const body = { ...limits, ...sent, due_minutes: Number(hours) * 60, version };
        return got(
          api.PUT("/console/v1/approval-rules/{act}", {
            params,
            body: body as unknown as Of<"ApprovalRuleIn">,
          }),
        );
      }}
    />
  );
}

function valuesOf(rule: Rule): Values {
  return {
    mode: rule.mode,
    above_amount: rule.above_amount?.amount ?? "",
    above_count: rule.above_count,
    above_bp: rule.above_bp,
    role: rule.role,
    hours: Math.max(1, Math.round(rule.due_minutes / 60)),
  };
}
