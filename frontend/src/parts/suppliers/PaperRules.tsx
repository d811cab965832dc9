import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { DataTable, StatusTag, Time } from "@/ui";
import { FormButton } from "@/ui/form";

type Rule = Of<"PaperRule">;

export const CLASSES = [
  "coupon_promo",
  "direct_topup",
  "specific_item_voucher",
  "stored_value_multi",
  "stored_value_single",
  "subscription",
] as const;

/** Which documents are asked for, by what is sold: the product's rules, and the mall's own that go before them. */
export function PaperRules() {
  const { t } = useTranslation();
  const word = useWord();
  const of = (one: Rule): string =>
    one.instrument_class ? word("instrument", one.instrument_class) : t("suppliers.company");
  return (
    <>
      <p className="muted gap">{t("kyb.rules_text")}</p>
      <DataTable<Rule>
        id="paper-rules"
        label={t("kyb.rules")}
        rowKey={(one) =>
          [one.own, one.kind, one.instrument_class, one.country, one.valid_from].map(String).join(" ")
        }
        columns={[
          {
            id: "kind",
            title: t("f.kind"),
            cell: (one) => word("paperkind", one.kind),
            value: (o) => o.kind,
          },
          { id: "of", title: t("f.instrument"), cell: of, value: of },
          {
            id: "needed",
            title: t("kyb.needed"),
            cell: (one) => <StatusTag kind="paper_rule" code={one.needed ? "needed" : "spared"} />,
            value: (one) => Number(one.needed),
          },
          { id: "country", title: t("supplier.country"), cell: (one) => one.country.replace("*", "–") },
          {
            id: "own",
            title: t("kyb.by"),
            cell: (one) => (one.own ? t("kyb.by_mall") : t("kyb.by_product")),
            value: (one) => Number(one.own),
          },
          {
            id: "from",
            title: t("f.valid_from"),
            cell: (one) => <Time at={one.valid_from} day />,
            value: (one) => one.valid_from,
          },
          { id: "to", title: t("f.valid_to"), cell: (one) => <Time at={one.valid_to} day last /> },
          { id: "source", title: t("kyb.source"), cell: (one) => <span className="wrap">{one.source}</span> },
        ]}
        load={async () => ({ items: await got(api.GET("/console/v1/paper-rules")) })}
        empty={{ title: t("kyb.no_rules") }}
      />
    </>
  );
}

/** From a day on a paper is asked for, or no longer; every supplier is judged anew. */
export function PaperRuleForm() {
  const { t } = useTranslation();
  const said = useSaid();
  const may = useMay();
  const choices = useChoices();
  const kinds = useQuery({
    queryKey: ["paperkinds"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => got(api.GET("/console/v1/paper-kinds")),
  });
  if (!may("partners.write")) return null;
  return (
    <FormButton
      name="paper-rule"
      label={t("kyb.new_rule")}
      primary
      touched={["paper-rules", "suppliers"]}
      intro={<p className="muted">{t("kyb.rule_intro")}</p>}
      codes={{ paper_rule_taken: "valid_from" }}
      fields={[
        {
          kind: "choice",
          name: "kind",
          label: t("f.kind"),
          must: true,
          of: kinds,
          choices: (kinds.data ?? []).map((one) => ({ value: one.kind, label: said(one) })),
        },
        {
          kind: "choice",
          name: "instrument_class",
          label: t("f.instrument"),
          nothing: t("suppliers.company"),
          none: "",
          choices: choices("instrument", CLASSES),
        },
        { kind: "yes", name: "needed", label: t("kyb.needed") },
        { kind: "day", name: "valid_from", label: t("f.valid_from"), must: true, half: true },
        { kind: "day", name: "valid_to", label: t("f.valid_to"), half: true, none: null },
        { kind: "text", name: "source", label: t("kyb.source"), must: true, most: 500 },
      ]}
      first={{ kind: "", instrument_class: "", needed: true, valid_from: "", valid_to: "", source: "" }}
      send={(sent) =>
        got(api.POST("/console/v1/paper-rules", { body: sent as unknown as Of<"PaperRuleIn"> }))
      }
    />
  );
}
