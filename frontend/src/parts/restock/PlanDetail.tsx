import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName, useSupplierName } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Who } from "@/parts/Who";
import {
  AskButton,
  Bones,
  Descriptions,
  FaultNote,
  Money,
  moneyText,
  Part,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { Weighed } from "../supply/Weighed";

/** A plan with its reasons and purchases, and the word of whoever may give it. */
export function PlanDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const supplier = useSupplierName();
  const word = useWord();
  const { data, error, refetch } = useQuery({
    queryKey: ["restocks", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/restocks/{restock_id}", { params: { path: { restock_id: id } } })),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const { plan, parts } = data;
  const { why } = plan;
  return (
    <>
      <Acts plan={plan} />
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="restock_status" code={plan.status} />],
          [t("f.sku"), skuName(plan.sku_id)],
          [t("f.quantity"), plan.quantity.toLocaleString()],
          [t("f.cost"), <Money key="c" value={plan.unit_cost} unit />],
          [t("f.amount"), <Money key="a" value={plan.amount} />],
          [t("f.supplier"), supplier(plan.supplier_id)],
          [t("restock.made_by"), <Who key="w" by={plan.made_by} />],
          plan.decided_by ? [t("restock.decided_by"), <Who key="d" by={plan.decided_by} />] : null,
          plan.reason ? [t("f.reason"), plan.reason] : null,
          [t("f.at"), <Time key="t" at={plan.proposed_at} />],
        ]}
      />
      <Part title={t("restock.why")}>
        <Descriptions
          pairs={[
            [t("restock.available"), why.available.toLocaleString()],
            [t("restock.reorder_point"), why.reorder_point.toLocaleString()],
            [t("restock.sold_7"), why.sold_7.toLocaleString()],
            [t("restock.sold_28"), why.sold_28.toLocaleString()],
          ]}
        />
        <Weighed of={why.offers} />
      </Part>
      <Part title={t("restock.parts")}>
        <Small
          rows={parts}
          keyOf={(one) => String(one.n)}
          none={t("restock.no_parts")}
          columns={[
            ["#", (one) => one.n],
            [t("f.status"), (one) => <StatusTag kind="restock_part_status" code={one.status} />],
            [t("f.quantity"), (one) => `${one.received} / ${one.quantity}`, "end"],
            [t("f.cost"), (one) => <Money value={one.cost} />, "end"],
            [t("f.reason"), (one) => (one.reason ? word("reason", one.reason) : "–")],
          ]}
        />
      </Part>
    </>
  );
}

function Acts({ plan }: { plan: Of<"RestockOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const params = { path: { restock_id: plan.id } };
  const touched = ["restocks", "inbox"];
  const approve = useAct(
    () =>
      got(api.POST("/console/v1/restocks/{restock_id}/approve", { params, body: { payload: plan.payload } })),
    ...touched,
  );
  const refuse = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/restocks/{restock_id}/refuse", { params, body: { reason } })),
    ...touched,
  );
  if (plan.status !== "proposed" || !may("approvals.decide")) return null;
  if (plan.made_by === `person:${me.person.id}`) return <p className="note">{t("restock.own")}</p>;
  return (
    <div className="acts gap">
      <AskButton
        label={t("restock.approve")}
        effect={t("restock.approve_text", { count: plan.quantity, amount: moneyText(plan.amount) })}
        primary
        testid="approve-restock"
        run={() => approve.mutateAsync(undefined)}
      />
      <ReasonForm
        label={t("restock.refuse")}
        danger
        testid="refuse-restock"
        run={(reason) => refuse.mutateAsync(reason)}
      />
    </div>
  );
}
