import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, DangerConfirm, moneyText, ReasonForm, useAct, useKey } from "@/ui";

/** What may be done to this order, by its state and by who looks. */
export function OrderActs({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const key = useKey();
  const [below, setBelow] = useState(false);
  const { order, lines } = data;
  const path = { order_id: order.id };
  const approve = useAct(
    () =>
      got(
        api.POST("/console/v1/orders/{order_id}/approve", {
          params: { path },
          body: { even_below_floor: below },
        }),
      ),
    "orders",
    "work",
  );
  const block = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/orders/{order_id}/block", { params: { path }, body: { reason } })),
    "orders",
    "work",
  );
  const cancel = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/orders/{order_id}/cancel", { params: { path }, body: { reason } })),
    "orders",
    "work",
  );
  const reverse = useAct(
    ({ line, reason }: { line: number; reason: string }) =>
      got(
        api.POST("/console/v1/orders/{order_id}/reverse", {
          params: { path, header: { "Idempotency-Key": key.now() } },
          body: { line_no: line, reason },
        }),
      ).then(key.next),
    "orders",
  );
  const has = (...states: string[]): boolean => lines.some((line) => states.includes(line.status));
  const held = has("review");
  const open = has("review", "scheduled", "waiting");
  const done = lines.filter((line) => ["delivered", "partial"].includes(line.status));
  if (!may("orders.write") && !may("aftersale.refund")) return null;
  return (
    <div className="acts gap">
      {may("orders.write") && held && (
        <>
          <AskButton
            label={t("orders.approve")}
            effect={t("orders.approve_text")}
            primary
            run={() => approve.mutateAsync(undefined)}
          >
            {may("pricing.floor") && (
              <label className="column">
                <input type="checkbox" checked={below} onChange={(event) => setBelow(event.target.checked)} />{" "}
                {t("orders.below_floor")}
              </label>
            )}
          </AskButton>
          <ReasonForm
            label={t("orders.block")}
            effect={t("orders.block_text")}
            danger
            reason="may"
            run={(reason) => block.mutateAsync(reason)}
          />
        </>
      )}
      {may("orders.write") && open && (
        <ReasonForm
          label={t("orders.cancel")}
          effect={t("orders.cancel_text", { total: moneyText(order.total) })}
          danger
          reason="may"
          testid="cancel-order"
          run={(reason) => cancel.mutateAsync(reason)}
        />
      )}
      {may("aftersale.refund") &&
        done.map((line) => (
          <DangerConfirm
            key={line.line_no}
            label={t("orders.reverse", { line: line.line_no })}
            effect={t("orders.reverse_text", { amount: moneyText(line.amount) })}
            type={order.order_no.slice(-6)}
            reason="must"
            testid="reverse"
            run={(reason) => reverse.mutateAsync({ line: line.line_no, reason })}
          />
        ))}
    </div>
  );
}
