import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { DataTable, Descriptions, StatusTag, Time } from "@/ui";
import { type Rule, rulesOf } from "./of";
import { RuleForm } from "./RuleForm";

/** In the order in which they are asked; the strongest of those that are hit decides. */
export function Rules() {
  const { t } = useTranslation();
  const may = useMay();
  const said = useSaid();
  const word = useWord();
  const name = (one: Rule): string => said({ zh: one.name_zh, en: one.name_en });
  const text = (one: Rule): string => said({ zh: one.text_zh, en: one.text_en });
  const force = (one: Rule) => (
    <StatusTag
      kind="rule_force"
      code={one.enabled ? "in_force" : "off"}
      tone={one.enabled ? "good" : "off"}
    />
  );
  return (
    <>
      <p className="muted gap">{t("risk.rules_text")}</p>
      {may("risk.write") && (
        <div className="acts gap">
          <RuleForm />
        </div>
      )}
      <DataTable<Rule>
        id="risk-rules"
        label={t("rules.rules")}
        rowKey={(one) => one.id}
        columns={[
          { id: "name", title: t("f.name"), cell: name, value: name },
          { id: "text", title: t("rules.when"), cell: (one) => <span className="wrap">{text(one)}</span> },
          {
            id: "then",
            title: t("risk.then"),
            cell: (one) => <StatusTag kind="risk_rule_action" code={one.action} />,
            value: (one) => one.action,
          },
          { id: "force", title: t("f.status"), cell: force, value: (one) => Number(one.enabled) },
          {
            id: "at",
            title: t("f.updated_at"),
            cell: (one) => (one.updated_at ? <Time at={one.updated_at} near /> : t("rules.default")),
          },
        ]}
        load={async () => ({ items: await rulesOf() })}
        detail={(_id, row) =>
          row && (
            <>
              {may("risk.write") && (
                <div className="acts gap">
                  <RuleForm of={row} />
                </div>
              )}
              <Descriptions
                pairs={[
                  [t("f.kind"), word("risk_rule_kind", row.kind)],
                  [t("rules.when"), text(row)],
                  [t("risk.then"), <StatusTag key="a" kind="risk_rule_action" code={row.action} />],
                  [t("f.status"), force(row)],
                  [t("f.version"), row.version],
                  [t("f.updated_at"), row.updated_at ? <Time at={row.updated_at} /> : t("rules.default")],
                ]}
              />
            </>
          )
        }
        detailTitle={(row, id) => (row ? name(row) : id)}
        empty={{ title: t("risk.none") }}
      />
    </>
  );
}
