import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useSkuName, useSkus, useSuppliers } from "@/api/names";
import { useMay } from "@/api/session";
import { BatchDetail } from "@/parts/BatchDetail";
import { Intakes } from "@/parts/Intakes";
import {
  CopyCode,
  DangerConfirm,
  DataTable,
  Money,
  PageTabs,
  Screen,
  StatusTag,
  Time,
  useAct,
  useListState,
} from "@/ui";

type Batch = Of<"BatchOut">;

export default function Vault() {
  const { t } = useTranslation();
  const [search] = useListState();
  const tabs = [
    { id: "batches", label: t("nav.vault") },
    { id: "intakes", label: t("supply.intakes") },
  ];
  return (
    <Screen title={t("nav.vault")} text={t("vault.text")}>
      <PageTabs label={t("nav.vault")} tabs={tabs} />
      {search.tab === "intakes" ? <Intakes /> : <Batches />}
    </Screen>
  );
}

function Batches() {
  const { t } = useTranslation();
  const skus = useSkus();
  const skuName = useSkuName();
  const supplier = nameIn(useSuppliers());
  const count = (n: number | string) => (typeof n === "number" ? n.toLocaleString() : t("unlimited"));
  return (
    <DataTable<Batch>
      id="batches"
      label={t("nav.vault")}
      rowKey={(b) => b.id}
      filters={[
        {
          id: "sku_id",
          label: t("f.sku"),
          choices: [...skus.values()].map((s) => ({ value: s.id, label: `${s.code} ${skuName(s.id)}` })),
        },
      ]}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (b) => skuName(b.sku_id), value: (b) => skuName(b.sku_id) },
        {
          id: "state",
          title: t("f.status"),
          cell: (b) => <StatusTag kind="batch" code={b.state} />,
          value: (b) => b.state,
        },
        {
          id: "received",
          title: t("f.received"),
          cell: (b) => b.received.toLocaleString(),
          value: (b) => b.received,
          end: true,
        },
        {
          id: "available",
          title: t("f.available"),
          cell: (b) => count(b.available),
          value: (b) => (typeof b.available === "number" ? b.available : Number.MAX_SAFE_INTEGER),
          end: true,
        },
        {
          id: "sold",
          title: t("f.sold"),
          cell: (b) => b.sold.toLocaleString(),
          value: (b) => b.sold,
          end: true,
        },
        {
          id: "frozen",
          title: t("f.frozen"),
          cell: (b) => b.frozen.toLocaleString(),
          value: (b) => b.frozen,
          end: true,
        },
        {
          id: "cost",
          title: t("f.unit_cost"),
          cell: (b) => <Money value={b.unit_cost} unit />,
          value: (b) => Number(b.unit_cost.amount),
          end: true,
        },
        {
          id: "expires",
          title: t("f.expires_at"),
          cell: (b) => <Time at={b.expires_at} day last />,
          value: (b) => b.expires_at ?? "",
        },
        {
          id: "supplier",
          title: t("f.supplier"),
          cell: (b) => supplier(b.supplier_id),
          value: (b) => supplier(b.supplier_id),
        },
        { id: "source", title: t("f.source"), cell: (b) => b.source || "–" },
        { id: "created", title: t("f.created_at"), cell: (b) => <Time at={b.created_at} />, hidden: true },
        { id: "id", title: t("f.batch"), cell: (b) => <CopyCode text={b.id} />, hidden: true },
      ]}
      load={({ sku_id, cursor }) =>
        got(api.GET("/console/v1/batches", { params: { query: { sku_id, cursor, size: 50 } } }))
      }
      bulk={(rows, clear) => <Freeze rows={rows} done={clear} />}
      detail={(id) => <BatchDetail id={id} />}
      detailTitle={(row, id) => (row ? `${skuName(row.sku_id)} · …${id.slice(-8)}` : id)}
      empty={{ title: t("vault.empty"), text: t("vault.empty_text") }}
    />
  );
}

/** Batch by batch: each has its own line in the audit, and one that is refused stops none of the others. */
function Freeze({ rows, done }: { rows: Batch[]; done: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const freeze = useAct(async (reason: string) => {
    const asked = rows.map((row) =>
      got(
        api.POST("/console/v1/batches/{batch_id}/freeze", {
          params: { path: { batch_id: row.id } },
          body: { reason },
        }),
      ),
    );
    const refused = (await Promise.allSettled(asked)).find((one) => one.status === "rejected");
    if (refused) throw refused.reason;
    done();
  }, "batches");
  const count = rows.reduce((sum, row) => sum + (typeof row.available === "number" ? row.available : 0), 0);
  if (!may("stock.freeze")) return null;
  return (
    <DangerConfirm
      label={t("bulk.freeze")}
      effect={t("bulk.freeze_text", { batches: rows.length, count })}
      type={String(count)}
      reason="must"
      testid="bulk-freeze"
      run={(reason) => freeze.mutateAsync(reason)}
    />
  );
}
