import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoleName, useRoles } from "@/api/roles";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, FaultNote, Money, Part, Small, StatusTag, Time } from "@/ui";
import { RuleForm } from "./RuleForm";

type Rule = Of<"ApprovalRuleOut">;

/** What needs a second person, from where on, and who that may be. */
export function Rules() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const roleName = useRoleName();
  const roles = useRoles();
  const { data, error, refetch } = useQuery({
    queryKey: ["approval-rules"],
    queryFn: () => got(api.GET("/console/v1/approval-rules")),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  return (
    <Part title={t("rules.rules")}>
      <p className={data.deciders < 2 ? "note" : "muted"}>
        {t("rules.deciders", { count: data.deciders })} {data.deciders < 2 && t("rules.alone")}
      </p>
      <Small
        rows={data.items}
        keyOf={(rule) => rule.act}
        none=""
        columns={[
          [t("f.action"), (rule) => <strong>{word("approval_act", rule.act)}</strong>],
          [t("rules.when"), (rule) => <When rule={rule} />],
          [t("rules.who"), (rule) => (rule.role ? roleName(rule.role) : t("rules.anyone"))],
          [
            t("rules.due"),
            (rule) => t("rules.hours", { count: Math.round((rule.due_minutes / 60) * 10) / 10 }),
          ],
          [
            t("f.status"),
            (rule) => (
              <StatusTag
                kind="rule_force"
                code={rule.in_force ? "in_force" : rule.mode === "off" ? "off" : "resting"}
                tone={rule.in_force ? "good" : "off"}
              />
            ),
          ],
          [t("rules.set_at"), (rule) => (rule.set_at ? <Time at={rule.set_at} day /> : t("rules.default"))],
          ...(may("approvals.write")
            ? ([
                [
                  "",
                  (rule: Rule) => (
                    <RuleForm key={rule.version} rule={rule} currency={data.currency} roles={roles} />
                  ),
                ],
              ] as [string, (rule: Rule) => React.ReactNode][])
            : []),
        ]}
      />
    </Part>
  );
}

function When({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const word = useWord();
  if (rule.mode !== "above") return <>{word("approval_mode", rule.mode)}</>;
  return (
    <>
      {rule.above_amount && (
        <span className="rung">
          {t("rules.above")} <Money value={rule.above_amount} />
        </span>
      )}
      {rule.above_count !== null && (
        <span className="rung">{t("rules.above_count", { count: rule.above_count })}</span>
      )}
      {rule.above_bp !== null && (
        <span className="rung">{t("rules.above_move", { percent: (rule.above_bp / 100).toFixed(2) })}</span>
      )}
    </>
  );
}
