import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useBuyerName, useSkuName } from "@/api/names";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Bones, CopyCode, Descriptions, FaultNote, Part, StatusTag, Time } from "@/ui";
import { OrderLink } from "./Decisions";
import { type Decision, sawOf, useRuleName } from "./of";

/** One verdict with its evidence. */
export function DecisionDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const buyer = useBuyerName();
  const { data, error, refetch } = useQuery({
    queryKey: ["risk-decisions", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/risk/decisions/{decision_id}", { params: { path: { decision_id: id } } })),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.verdict"), <StatusTag key="v" kind="verdict" code={data.verdict} />],
          [t("f.buyer"), buyer(data.buyer_id)],
          [t("f.client_order_no"), <OrderLink key="o" of={data} />],
          [t("f.at"), <Time key="t" at={data.at} />],
          [t("f.id"), <CopyCode key="i" text={data.id} />],
        ]}
      />
      <Part title={t("risk.hits")}>
        {data.hits.map((hit) => (
          <Seen key={hit.rule_id} of={hit} />
        ))}
      </Part>
    </>
  );
}

/** One rule that was hit, in words and in numbers. */
function Seen({ of }: { of: Decision["hits"][number] }) {
  const { t } = useTranslation();
  const me = useMe();
  const said = useSaid();
  const word = useWord();
  const skuName = useSkuName();
  const name = useRuleName()(of);
  const { dimension, count, limit, window_s, sku_id, list, entry_id } = sawOf(of);
  return (
    <section aria-label={name} data-testid="hit">
      <h3 className="line">
        {of.rule_id === "0" ? (
          name
        ) : (
          <Link to="/c/$org/risk" params={{ org: me.mall.slug }} search={{ tab: "rules", open: of.rule_id }}>
            {name}
          </Link>
        )}
      </h3>
      <p className="gap">{said({ zh: of.text_zh, en: of.text_en })}</p>
      <Descriptions
        pairs={[
          [t("f.reason"), word("reason", of.code)],
          [t("f.subject"), word(dimension === "everybody" ? "risk_per" : "risk_dimension", dimension)],
          limit !== undefined && [t("risk.counted"), `${count.toLocaleString()} / ${limit.toLocaleString()}`],
          window_s !== undefined && [
            t("risk.window"),
            window_s ? t("seconds", { count: window_s }) : t("risk.one_order"),
          ],
          sku_id !== undefined && [t("f.sku"), skuName(sku_id)],
          list !== undefined && [
            t("risk.lists"),
            <Link
              key="l"
              to="/c/$org/risk"
              params={{ org: me.mall.slug }}
              search={{ tab: "lists", list, open: entry_id }}
            >
              {word("risk_list", list)}
            </Link>,
          ],
        ]}
      />
    </section>
  );
}
