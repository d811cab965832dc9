import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";

export type Decision = Of<"commissary.risk.wire.DecisionOut">;
export type Entry = Of<"commissary.risk.wire.EntryOut">;
export type Rule = Of<"RuleOut">;

export const LISTS = ["deny", "watch", "allow"] as const;
export const SUBJECTS = ["buyer", "key", "ip", "device", "target"] as const;

/** What a rule saw against what it allows: by its kind some of these are there. */
export interface Saw {
  dimension: string;
  count: number;
  limit?: number;
  window_s?: number;
  left?: number;
  sku_id?: string;
  list?: string;
  entry_id?: string;
}

export const sawOf = (hit: Decision["hits"][number]): Saw => hit.saw as unknown as Saw;

export const rulesOf = async (): Promise<Rule[]> => (await got(api.GET("/console/v1/risk/rules"))).items;

/** What the rule of a hit is called now; rule 0 is a list itself. */
export function useRuleName(): (hit: Decision["hits"][number]) => string {
  const said = useSaid();
  const word = useWord();
  const { data } = useQuery({ queryKey: ["risk-rules", "names"], queryFn: rulesOf, staleTime: 300_000 });
  const by = new Map((data ?? []).map((rule) => [rule.id, said({ zh: rule.name_zh, en: rule.name_en })]));
  return (hit) =>
    hit.rule_id === "0" ? word("risk_list", sawOf(hit).list) : (by.get(hit.rule_id) ?? hit.rule_id);
}
