import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { DataTable, StatusTag, Time, useListState } from "@/ui";
import { DecisionDetail } from "./DecisionDetail";
import { type Decision, useRuleName } from "./of";

const VERDICTS = ["review", "refuse", "allow"] as const;

/** What was not a plain yes: held, refused, or let through although a rule that only observes was hit. */
export function Decisions() {
  const { t } = useTranslation();
  const word = useWord();
  const buyer = useBuyerName();
  const ruleName = useRuleName();
  const [, set] = useListState();
  return (
    <DataTable<Decision>
      id="risk-decisions"
      label={t("risk.decisions")}
      rowKey={(one) => one.id}
      columns={[
        { id: "at", title: t("f.at"), cell: (one) => <Time at={one.at} /> },
        {
          id: "verdict",
          title: t("f.verdict"),
          cell: (one) => <StatusTag kind="verdict" code={one.verdict} />,
        },
        { id: "hits", title: t("risk.hits"), cell: (one) => one.hits.map(ruleName).join(" · ") },
        { id: "buyer", title: t("f.buyer"), cell: (one) => buyer(one.buyer_id) },
        { id: "order", title: t("f.client_order_no"), cell: (one) => <OrderLink of={one} /> },
      ]}
      filters={[
        {
          id: "verdict",
          label: t("f.verdict"),
          choices: VERDICTS.map((value) => ({ value, label: word("verdict", value) })),
        },
        {
          id: "buyer_id",
          label: t("f.buyer"),
          pick: "buyer",
        },
        { id: "order_id", label: t("f.order_no") },
      ]}
      load={({ cursor, verdict, buyer_id, order_id }) =>
        got(
          api.GET("/console/v1/risk/decisions", {
            params: {
              query: {
                cursor,
                verdict: verdict as Decision["verdict"] | undefined,
                buyer_id,
                // People read an order's number with its home before it.
                order_id: order_id?.replace(/^\d+-/, ""),
                size: 50,
              },
            },
          }),
        )
      }
      detail={(id) => <DecisionDetail id={id} />}
      detailTitle={(row, id) => (row ? `${word("verdict", row.verdict)} ${row.client_order_no}` : id)}
      empty={{
        title: t("risk.none"),
        text: t("risk.none_text"),
        action: (
          <button type="button" className="link" onClick={() => set({ tab: "rules" })}>
            {t("rules.rules")}
          </button>
        ),
      }}
    />
  );
}

/** To the order, if it came to one; a refused one is only known by its buyer's number. */
export function OrderLink({ of }: { of: Decision }) {
  const me = useMe();
  const may = useMay();
  if (!of.order_id || !may("orders.read")) return <>{of.client_order_no}</>;
  return (
    <Link to="/c/$org/orders" params={{ org: me.mall.slug }} search={{ open: of.order_id }}>
      {of.client_order_no}
    </Link>
  );
}
