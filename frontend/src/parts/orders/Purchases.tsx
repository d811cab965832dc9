import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useNamed } from "@/api/names";
import { useMay } from "@/api/session";
import { CopyCode, Money, Part, RevealCode, Small, StatusTag, Time } from "@/ui";
import { Weighed } from "../supply/Weighed";

/** From here on a wait is said in seconds. */
const SLOW_MS = 10_000;

/** What was tried at suppliers for an order, whom it fell on, and what they said that nothing here understands. */
export function Purchases({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const tries = useQuery({
    queryKey: ["orders", "purchases", id],
    enabled: may("fulfilment.read"),
    queryFn: () =>
      got(api.GET("/console/v1/orders/{order_id}/purchases", { params: { path: { order_id: id } } })),
  });
  const { data } = tries;
  const named = useNamed("supplier");
  const took = ({ called_at, ended_at }: Of<"PurchaseOfOrderOut">): string => {
    if (!ended_at) return "–";
    const ms = Date.parse(ended_at) - Date.parse(called_at);
    return ms < SLOW_MS ? t("milliseconds", { count: ms }) : t("seconds", { count: Math.round(ms / 1000) });
  };
  return (
    <Part title={t("orders.purchases")}>
      <Small
        of={tries}
        rows={data ?? []}
        keyOf={(one) => one.id}
        none={t("orders.no_purchases")}
        columns={[
          [t("f.try"), (one) => `${one.line_no}.${one.n}`],
          [t("f.status"), (one) => <StatusTag kind="purchase" code={one.status} />],
          [
            t("f.supplier"),
            (one) => named(one.supplier_id)?.name ?? <CopyCode text={one.supplier_id} short />,
          ],
          [t("order.request"), (one) => <CopyCode text={one.id} short />],
          [
            t("f.supplier_ref"),
            (one) => (one.supplier_ref ? <CopyCode text={one.supplier_ref} short /> : "–"),
          ],
          [t("f.cost"), (one) => <Money value={one.cost} unit />, "end"],
          [t("order.latency"), (one) => took(one), "end"],
          [t("f.said"), (one) => one.said || one.reason || "–"],
          [t("f.unread"), (one) => one.unread_fields.join(", ") || "–"],
          [t("f.called_at"), (one) => <Time at={one.called_at} />],
        ]}
      />
      <Weighed
        of={(data ?? []).flatMap((one) =>
          (one.weighed ?? []).map((w) => ({ ...w, at: `${one.line_no}.${one.n}` })),
        )}
      />
      {may("stock.reveal") && <Evidence of={(data ?? []).filter((one) => one.unread_fields.length > 0)} />}
    </Part>
  );
}

/** Names and values that a protocol does not know, hidden like a code: there may be one in them. */
function Evidence({ of }: { of: Of<"PurchaseOfOrderOut">[] }) {
  const { t } = useTranslation();
  return of.map((one) => (
    <section key={one.id} data-testid="evidence">
      <h3 className="line">{t("orders.evidence", { attempt: `${one.line_no}.${one.n}` })}</h3>
      <p className="muted">{t("orders.evidence_text")}</p>
      <RevealCode
        count={1}
        text
        show={async (_, reason) => {
          const { fields, ...found } = await got(
            api.POST("/console/v1/purchases/{purchase_id}/evidence", {
              params: { path: { purchase_id: one.id } },
              body: { reason },
            }),
          );
          const secret = fields.map((field) => `${field.name}: ${field.value}`).join("\n");
          return { ...found, secret, seq: 1, of: 1 };
        }}
      />
    </section>
  ));
}
