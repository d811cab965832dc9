import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSupplierName } from "@/api/names";
import { useMay } from "@/api/session";
import {
  Bones,
  CopyCode,
  DangerConfirm,
  Descriptions,
  FaultNote,
  Money,
  Part,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { CodesExport } from "./CodesExport";
import { Recall } from "./vault/Recall";
import { Shred } from "./vault/Shred";
import { TakeOut } from "./vault/TakeOut";

/** A batch: counts, never codes. What stands in the vault is shown by no page of the console. */
export function BatchDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const supplier = useSupplierName();
  const {
    data: batch,
    error,
    refetch,
  } = useQuery({
    queryKey: ["batches", id],
    queryFn: () => got(api.GET("/console/v1/batches/{batch_id}", { params: { path: { batch_id: id } } })),
  });
  if (error && !batch) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!batch) return <Bones />;
  const count = (n: number | string) => (typeof n === "number" ? n.toLocaleString() : t("unlimited"));
  return (
    <>
      <BatchActs batch={batch} />
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="batch" code={batch.state} />],
          [t("f.received"), count(batch.received)],
          [t("f.available"), count(batch.available)],
          [t("f.sold"), count(batch.sold)],
          [t("f.frozen"), count(batch.frozen)],
          [t("f.void"), count(batch.void)],
          [t("f.expired"), count(batch.expired)],
          [t("f.returned_stock"), count(batch.returned)],
          [t("f.unit_cost"), <Money key="c" value={batch.unit_cost} unit />],
          [t("f.supplier"), supplier(batch.supplier_id)],
          [t("f.source"), batch.source],
          [t("f.expires_at"), <Time key="e" at={batch.expires_at} day last />],
          [t("f.sealed_at"), <Time key="t" at={batch.sealed_at} />],
          [t("f.batch"), <CopyCode key="i" text={batch.id} />],
          batch.commitment_root
            ? [t("f.commitment"), <CopyCode key="r" text={batch.commitment_root} short />]
            : null,
        ]}
      />
      {may("orders.read") && <Holders id={id} />}
    </>
  );
}

function BatchActs({ batch }: { batch: Of<"BatchOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { path: { batch_id: batch.id } };
  const touched = ["batches", "stock"];
  const freeze = useAct(
    (reason: string) => got(api.POST("/console/v1/batches/{batch_id}/freeze", { params, body: { reason } })),
    ...touched,
  );
  const unfreeze = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/batches/{batch_id}/unfreeze", { params, body: { reason } })),
    ...touched,
  );
  const available = typeof batch.available === "number" ? batch.available : 0;
  const word = batch.id.slice(-6);
  if (batch.state === "shredded") return null;
  return (
    <div className="acts gap">
      <CodesExport batch={batch.id} />
      {may("stock.freeze") && batch.state === "sealed" && (
        <>
          <DangerConfirm
            label={t("vault.freeze")}
            effect={t("vault.freeze_text", { count: available })}
            type={word}
            reason="must"
            disabled={available === 0}
            testid="freeze"
            run={(reason) => freeze.mutateAsync(reason)}
          />
          <ReasonForm
            label={t("vault.unfreeze")}
            effect={t("vault.unfreeze_text", { count: batch.frozen })}
            disabled={batch.frozen === 0}
            testid="unfreeze"
            run={(reason) => unfreeze.mutateAsync(reason)}
          />
        </>
      )}
      <Recall batch={batch} />
      {may("stock.void") && (
        <>
          <TakeOut batch={batch} how="return" />
          <TakeOut batch={batch} how="void" />
          <Shred batch={batch} />
        </>
      )}
    </div>
  );
}

function Holders({ id }: { id: string }) {
  const { t } = useTranslation();
  const holders = useQuery({
    queryKey: ["batches", "holders", id],
    queryFn: () =>
      got(
        api.GET("/console/v1/batches/{batch_id}/holders", {
          params: { path: { batch_id: id }, query: { size: 50 } },
        }),
      ),
  });
  return (
    <Part title={t("vault.holders")}>
      <Small
        of={holders}
        rows={holders.data?.items ?? []}
        keyOf={(one) => `${one.order_id}.${one.line_no}.${one.first}`}
        none={t("vault.no_holders")}
        columns={[
          [t("f.buyer"), (one) => one.buyer_name],
          [t("f.client_order_no"), (one) => <CopyCode text={one.client_order_no} />],
          [t("f.codes"), (one) => `${one.first}–${one.last}`, "end"],
          [t("f.status"), (one) => <StatusTag kind="line" code={one.status} />],
          [t("f.placed_at"), (one) => <Time at={one.placed_at} />],
        ]}
      />
    </Part>
  );
}
