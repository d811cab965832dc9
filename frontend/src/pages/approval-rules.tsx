import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoleName, useRoles } from "@/api/roles";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { RuleForm } from "@/parts/RuleForm";
import {
  AskButton,
  Bones,
  FaultNote,
  Money,
  Part,
  Screen,
  Select,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { DayField, isDay } from "@/ui/form";

type Rule = Of<"ApprovalRuleOut">;

export default function ApprovalRules() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Screen title={t("nav.approval-rules")} text={t("rules.text")}>
      <Rules />
      {may("approvals.decide") && <Stead />}
    </Screen>
  );
}

function Rules() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const roleName = useRoleName();
  const roles = useRoles();
  const { data, error, refetch } = useQuery({
    queryKey: ["approval-rules"],
    queryFn: () => got(api.GET("/console/v1/approval-rules")),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
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

/** Who decides in one's stead while one is away. */
function Stead() {
  const { t } = useTranslation();
  const me = useMe();
  const [person, setPerson] = useState("");
  const [until, setUntil] = useState("");
  const { data } = useQuery({
    queryKey: ["approval-delegates"],
    queryFn: () => got(api.GET("/console/v1/approval-delegates")),
  });
  const set = useAct(
    () =>
      got(
        api.PUT("/console/v1/approval-delegates/mine", {
          body: { person_id: person, until_at: new Date(`${until}T23:59:59`).toISOString() },
        }),
      ),
    "approval-delegates",
  );
  const end = useAct(() => got(api.DELETE("/console/v1/approval-delegates/mine")), "approval-delegates");
  const mine = data?.items.some((one) => one.person.id === me.person.id);
  return (
    <Part
      title={t("rules.stead")}
      actions={
        <div className="acts">
          <AskButton
            label={t("rules.delegate")}
            effect={t("rules.delegate_text")}
            ready={person !== "" && isDay(until)}
            testid="delegate"
            run={() => set.mutateAsync(undefined)}
          >
            <label className="field">
              <span>{t("rules.colleague")}</span>
              <Select
                value={person}
                none="–"
                change={setPerson}
                choices={(data?.colleagues ?? []).map((one) => ({ value: one.id, label: one.name }))}
              />
            </label>
            <DayField label={t("rules.until")} value={until} change={setUntil} />
          </AskButton>
          {mine && (
            <AskButton
              label={t("rules.end")}
              effect={t("rules.end_text")}
              run={() => end.mutateAsync(undefined)}
            />
          )}
        </div>
      }
    >
      <Small
        rows={data?.items ?? []}
        keyOf={(one) => one.person.id}
        none={t("rules.nobody")}
        columns={[
          [t("rules.person"), (one) => one.person.name],
          [t("rules.colleague"), (one) => one.delegate.name],
          [t("f.from"), (one) => <Time at={one.from_at} />],
          [t("f.to"), (one) => <Time at={one.until_at} />],
        ]}
      />
    </Part>
  );
}
