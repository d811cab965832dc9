import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { DangerConfirm, Descriptions, Money, moneyText, Pending, useAct } from "@/ui";
import { JobWatch } from "../JobWatch";

/** A batch goes off sale for good and its holders hear of it; with their money back, if that is wished. First what it comes to. */
export function Recall({ batch }: { batch: Of<"BatchOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const [refund, setRefund] = useState(false);
  const [since, setSince] = useState<string>();
  const params = { path: { batch_id: batch.id } };
  const recalls = useQuery({
    queryKey: ["batches", "recall", batch.id],
    enabled: may("orders.read"),
    queryFn: () => got(api.GET("/console/v1/batches/{batch_id}/recall", { params })),
  });
  const look = recalls.data;
  const recall = useAct(
    async (reason: string) => {
      const begun = new Date(Date.now() - 5_000).toISOString();
      await got(api.POST("/console/v1/batches/{batch_id}/recall", { params, body: { reason, refund } }));
      setSince(begun);
    },
    "batches",
    "stock",
  );
  const available = typeof batch.available === "number" ? batch.available : 0;
  const allowed = may("stock.freeze") && ["sealed", "recalled"].includes(batch.state);
  // Recalled before, it may still be wished that the money goes back.
  const again = batch.state === "recalled";
  return (
    <>
      {allowed && (!again || may("aftersale.refund")) && (
        <DangerConfirm
          label={again ? t("recall.refund") : t("vault.recall")}
          effect={t("vault.recall_text", { sold: batch.sold, left: available })}
          type={refund && look ? look.refund.amount : batch.id.slice(-6)}
          reason="must"
          testid="recall"
          ready={!again || refund}
          run={(reason) => recall.mutateAsync(reason)}
        >
          {recalls.error && !look && <Pending of={recalls} />}
          {look && (
            <div data-testid="recall-look">
              <Descriptions
                pairs={[
                  [t("recall.orders"), look.orders.toLocaleString()],
                  [t("recall.buyers"), look.buyers.toLocaleString()],
                  [t("recall.pieces"), look.pieces.toLocaleString()],
                  [t("recall.money"), <Money key="m" value={look.refund} />],
                ]}
              />
            </div>
          )}
          {may("aftersale.refund") && look && (
            <label className="column">
              <input
                type="checkbox"
                data-testid="recall-refund"
                checked={refund}
                onChange={(event) => setRefund(event.target.checked)}
              />{" "}
              {t("recall.give_back", { amount: moneyText(look.refund) })}
            </label>
          )}
        </DangerConfirm>
      )}
      {since && <Progress since={since} />}
    </>
  );
}

/** The job that tells the holders begins a moment later. */
function Progress({ since }: { since: string }) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["jobs", "recall", since],
    enabled: may("jobs.read"),
    refetchInterval: ({ state }) => (state.data ? false : 1000),
    queryFn: async () => {
      const { items } = await got(
        api.GET("/console/v1/jobs", { params: { query: { kind: ["orders.recall"], size: 5 } } }),
      );
      return items.find((job) => job.created_at >= since) ?? null;
    },
  });
  return data ? <JobWatch id={data.id} touched={["batches", "stock"]} /> : null;
}
