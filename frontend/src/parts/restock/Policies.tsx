import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { Who } from "@/parts/Who";
import { DataTable, Descriptions, Money, Time } from "@/ui";
import { PolicyForm } from "./PolicyForm";

type Policy = Of<"RestockPolicyOut">;

export function Policies() {
  const { t } = useTranslation();
  const may = useMay();
  const word = useWord();
  const skuName = useSkuName();
  const point = (one: Policy): string =>
    [
      one.reorder_at === null ? "" : t("restock.pieces", { count: one.reorder_at }),
      one.reorder_days === null ? "" : t("restock.days", { count: one.reorder_days }),
    ]
      .filter(Boolean)
      .join(" / ");
  return (
    <>
      {may("supply.write") && (
        <div className="acts gap">
          <PolicyForm />
        </div>
      )}
      <DataTable<Policy>
        id="restock-policies"
        label={t("restock.policies")}
        rowKey={(one) => one.sku_id}
        columns={[
          { id: "sku", title: t("f.sku"), cell: (one) => skuName(one.sku_id) },
          { id: "active", title: t("restock.active"), cell: (one) => (one.active ? t("yes") : t("no")) },
          { id: "point", title: t("restock.reorder_point"), cell: point, end: true },
          { id: "cover", title: t("restock.cover_days"), cell: (one) => one.cover_days, end: true },
          { id: "sold", title: t("restock.sold_28"), cell: (one) => one.sold_28.toLocaleString(), end: true },
          {
            id: "budget",
            title: t("restock.monthly_budget"),
            cell: (one) => <Money value={one.monthly_budget} />,
            end: true,
          },
          {
            id: "note",
            title: t("restock.note"),
            cell: (one) => (one.note ? word("restock_note", one.note) : "–"),
          },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/restock/policies", { params: { query: { cursor, size: 50 } } }))
        }
        detail={(_id, row) =>
          row && (
            <>
              {may("supply.write") && (
                <div className="acts gap">
                  <PolicyForm of={row} />
                </div>
              )}
              <Descriptions
                pairs={[
                  [t("restock.active"), row.active ? t("yes") : t("no")],
                  [t("restock.reorder_point"), point(row)],
                  [t("restock.cover_days"), t("restock.days", { count: row.cover_days })],
                  [t("restock.most_pieces"), row.most_pieces.toLocaleString()],
                  [t("restock.most_unit_cost"), <Money key="c" value={row.most_unit_cost} unit />],
                  [t("restock.monthly_budget"), <Money key="b" value={row.monthly_budget} />],
                  [t("restock.approval_above"), <Money key="a" value={row.approval_above} />],
                  [t("restock.sold_7"), row.sold_7.toLocaleString()],
                  [t("restock.sold_28"), row.sold_28.toLocaleString()],
                  [t("restock.pace"), (row.sold_28 / 28).toFixed(1)],
                  row.note ? [t("restock.note"), word("restock_note", row.note)] : null,
                  [t("restock.made_by"), <Who key="w" by={row.set_by} />],
                  [t("f.at"), <Time key="t" at={row.set_at} />],
                ]}
              />
            </>
          )
        }
        detailTitle={(row, id) => skuName(row?.sku_id ?? id)}
        empty={{
          title: t("restock.no_policies"),
          text: t("restock.no_policies_text"),
          action: (
            <Go
              needs="supply.write"
              page="restock"
              search={{ tab: "policies", form: "restock-new" }}
              label={t("restock.add_policy")}
            />
          ),
        }}
      />
    </>
  );
}
