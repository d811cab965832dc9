import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { Who } from "@/parts/Who";
import { CopyCode, DangerConfirm, DataTable, Descriptions, Time, useAct } from "@/ui";

/** Every act of changing prices, and back again. */
export function Changes() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const undo = useAct(
    (id: string) =>
      got(
        api.POST("/console/v1/price-changes/{change_id}/undo", {
          params: { path: { change_id: id } },
          body: {},
        }),
      ),
    "pricechanges",
    "pricelist",
  );
  return (
    <DataTable<Of<"ChangeOut">>
      id="pricechanges"
      label={t("prices.changes")}
      rowKey={(c) => c.id}
      columns={[
        { id: "at", title: t("f.at"), cell: (c) => <Time at={c.at} /> },
        { id: "kind", title: t("f.kind"), cell: (c) => word("change", c.kind) },
        { id: "entries", title: t("f.entries"), cell: (c) => c.entries.toLocaleString(), end: true },
        { id: "from", title: t("f.valid_from"), cell: (c) => <Time at={c.valid_from} /> },
        { id: "author", title: t("f.author"), cell: (c) => <Who by={c.author} /> },
        { id: "reason", title: t("f.reason"), cell: (c) => c.reason || "–" },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/price-changes", { params: { query: { cursor, size: 50 } } }))
      }
      detail={(_id, row) =>
        row && (
          <>
            {may("pricing.write") && (
              <div className="acts gap">
                <DangerConfirm
                  label={t("prices.undo")}
                  effect={t("prices.undo_text", { count: row.entries })}
                  type={String(row.entries)}
                  testid="undo"
                  run={() => undo.mutateAsync(row.id)}
                />
              </div>
            )}
            <Descriptions
              pairs={[
                [t("f.kind"), word("change", row.kind)],
                [t("f.entries"), row.entries],
                [t("f.author"), <Who key="w" by={row.author} />],
                [t("f.reason"), row.reason],
                [t("f.at"), <Time key="a" at={row.at} />],
                [t("f.id"), <CopyCode key="i" text={row.id} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? word("change", row.kind) : id)}
      empty={{
        title: t("prices.no_changes"),
        text: t("prices.no_changes_text"),
        action: <Go needs="pricing.write" page="prices" label={t("matrix.title")} />,
      }}
    />
  );
}
