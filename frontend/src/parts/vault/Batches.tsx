import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useSkuName, useSupplierName } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { BatchDetail } from "@/parts/BatchDetail";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, Money, type Search, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Batch = Of<"BatchOut">;

export function Batches() {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const supplier = useSupplierName();
  const word = useWord();
  const me = useMe();
  const zone = me.mall.zone;
  const reason = { name: "reason", label: t("bulkbar.reason") };
  const count = (n: number | string) => (typeof n === "number" ? n.toLocaleString() : t("unlimited"));
  return (
    <DataTable<Batch>
      id="batches"
      label={t("nav.vault")}
      rowKey={(b) => b.id}
      find={t("f.source")}
      filters={[
        {
          id: "sku_id",
          not: true,
          label: t("f.sku"),
          pick: "sku",
        },
        {
          id: "lots",
          not: true,
          label: t("f.lots"),
          choices: ["open", "frozen", "expired", "void", "returned"].map((value) => ({
            value,
            label: word("lot_state", value),
          })),
        },
        {
          id: "supplier_id",
          not: true,
          label: t("f.supplier"),
          pick: "supplier",
        },
        { id: "expires_from", label: t("f.expires_from"), day: true, ahead: true },
        { id: "expires_to", label: t("f.expires_to"), day: true, ahead: true },
      ]}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (b) => skuName(b.sku_id) },
        {
          id: "state",
          title: t("f.status"),
          cell: (b) => <StatusTag kind="batch" code={b.state} />,
        },
        {
          id: "received",
          title: t("f.received"),
          cell: (b) => b.received.toLocaleString(),
          sort: "received",
          end: true,
        },
        {
          id: "available",
          title: t("f.available"),
          cell: (b) => count(b.available),
          end: true,
        },
        {
          id: "sold",
          title: t("f.sold"),
          cell: (b) => b.sold.toLocaleString(),
          end: true,
        },
        {
          id: "frozen",
          title: t("f.frozen"),
          cell: (b) => b.frozen.toLocaleString(),
          end: true,
        },
        {
          id: "cost",
          title: t("f.unit_cost"),
          cell: (b) => <Money value={b.unit_cost} unit />,
          sort: "unit_cost",
          end: true,
        },
        {
          id: "expires",
          title: t("f.expires_at"),
          cell: (b) => <Time at={b.expires_at} day last />,
          sort: "expires_at",
        },
        {
          id: "supplier",
          title: t("f.supplier"),
          cell: (b) => supplier(b.supplier_id),
        },
        { id: "source", title: t("f.source"), cell: (b) => b.source || "–" },
        {
          id: "created",
          title: t("f.created_at"),
          cell: (b) => <Time at={b.created_at} />,
          sort: "created_at",
          hidden: true,
        },
        { id: "id", title: t("f.batch"), cell: (b) => <CopyCode text={b.id} />, hidden: true },
      ]}
      load={(search) =>
        got(
          api.GET("/console/v1/batches", {
            params: { query: { ...asked(search, zone), size: 50 } as never },
          }),
        )
      }
      totals={(search) => ask<Totals>("/console/v1/batches/totals", asked(search, zone))}
      asked={(search) => asked(search, zone)}
      views
      bulk={{
        list: "batches",
        acts: [
          { action: "freeze", permission: "stock.freeze", danger: true, arg: reason },
          { action: "unfreeze", permission: "stock.freeze", arg: reason },
          { action: "void", permission: "stock.void", danger: true, final: true, arg: reason },
        ],
      }}
      detail={(id) => <BatchDetail id={id} />}
      detailTitle={(row, id) => (row ? `${skuName(row.sku_id)} · …${id.slice(-8)}` : id)}
      empty={{
        title: t("vault.empty"),
        text: t("vault.empty_text"),
        action: (
          <Go needs="stock.import" page="import" search={{ kind: "codes" }} label={t("imports.codes")} />
        ),
      }}
    />
  );
}

/** Days are the mall's, and the last one is within. */
function asked({ expires_from, expires_to, open: _, ...rest }: Search, zone: string): Search {
  return {
    ...rest,
    expires_from: expires_from && startOf(expires_from, zone),
    expires_to: expires_to && startOf(expires_to, zone, 1),
  };
}
