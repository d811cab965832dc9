import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";
import { AskButton, Input, Select, useAct, Whole } from "@/ui";

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
  const [mode, setMode] = useState<Rule["mode"]>(rule.mode);
  const [amount, setAmount] = useState(rule.above_amount?.amount ?? "");
  const [count, setCount] = useState<number | null>(rule.above_count);
  const [percent, setPercent] = useState(rule.above_bp === null ? "" : String(rule.above_bp / 100));
  const [role, setRole] = useState(rule.role);
  const [hours, setHours] = useState<number | null>(Math.max(1, Math.round(rule.due_minutes / 60)));
  const knows = (limit: string): boolean => mode === "above" && rule.limits.includes(limit);
  const above_amount = knows("amount") && amount ? { amount, currency } : null;
  const above_count = knows("count") ? count : null;
  const above_bp = knows("move") && percent ? Math.round(Number(percent) * 100) : null;
  const save = useAct(
    () =>
      got(
        api.PUT("/console/v1/approval-rules/{act}", {
          params: { path: { act: rule.act } },
          body: {
            mode,
            above_amount,
            above_count,
            above_bp,
            role,
            due_minutes: (hours ?? 24) * 60,
            version: rule.version,
          },
        }),
      ),
    "approval-rules",
    "inbox",
  );
  const deciders = roles.filter(
    (one) => one.organisation_kinds.includes("mall") && one.permissions.includes("approvals.decide"),
  );
  const choices = rule.limits.length ? MODES : (["off", "always"] as const);
  return (
    <AskButton
      label={t("rules.change")}
      title={word("approval_act", rule.act)}
      effect={t("rules.change_text")}
      ready={mode !== "above" || above_amount !== null || above_count !== null || above_bp !== null}
      testid={`rule-${rule.act}`}
      run={() => save.mutateAsync(undefined)}
    >
      <label className="field">
        <span>{t("rules.when")}</span>
        <Select
          value={mode}
          change={(value) => setMode(value as Rule["mode"])}
          choices={choices.map((one) => ({ value: one, label: word("approval_mode", one) }))}
        />
      </label>
      {knows("amount") && (
        <label className="field">
          <span>{t("rules.amount", { currency })}</span>
          <Input
            value={amount}
            inputMode="decimal"
            pattern="[0-9]{1,12}(\.[0-9]{1,4})?"
            onChange={(event) => setAmount(event.target.value)}
          />
        </label>
      )}
      {knows("count") && (
        <label className="field">
          <span>{t("rules.count")}</span>
          <Whole value={count} min={0} change={setCount} />
        </label>
      )}
      {knows("move") && (
        <label className="field">
          <span>{t("rules.percent")}</span>
          <Input
            type="number"
            min={0}
            step="0.01"
            value={percent}
            onChange={(event) => setPercent(event.target.value)}
          />
        </label>
      )}
      <label className="field">
        <span>{t("rules.who")}</span>
        <Select
          value={role}
          none={t("rules.anyone")}
          change={setRole}
          choices={deciders.map((one) => ({ value: one.name, label: said(one) }))}
        />
      </label>
      <label className="field">
        <span>{t("rules.due_hours")}</span>
        <Whole value={hours} min={1} max={720} change={setHours} />
      </label>
    </AskButton>
  );
}
