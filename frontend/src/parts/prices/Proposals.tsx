import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useBooks, useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import { Go } from "@/parts/Go";
import { AskButton, DataTable, Descriptions, Money, StatusTag, Time, useAct } from "@/ui";
import { Ladder } from "./Books";

/** Moves of prices beyond their limit, which wait for a person. */
export function Proposals() {
  const { t } = useTranslation();
  const may = useMay();
  const skuName = useSkuName();
  const book = nameIn(useBooks());
  const decide = useAct(
    ({ id, approve }: { id: string; approve: boolean }) =>
      got(
        api.POST("/console/v1/price-proposals/{proposal_id}/decide", {
          params: { path: { proposal_id: id } },
          body: { approve },
        }),
      ),
    "proposals",
    "prices",
  );
  return (
    <DataTable<Of<"ProposalOut">>
      id="proposals"
      label={t("prices.proposals")}
      rowKey={(p) => p.id}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (p) => skuName(p.sku_id) },
        { id: "state", title: t("f.status"), cell: (p) => <StatusTag kind="proposal" code={p.state} /> },
        { id: "book", title: t("f.book"), cell: (p) => book(p.book_id) },
        {
          id: "old",
          title: t("prices.old"),
          cell: (p) => <Money value={p.old_unit_price} unit />,
          end: true,
        },
        {
          id: "new",
          title: t("prices.new"),
          cell: (p) => <Money value={p.rungs[0]?.unit_price} unit />,
          end: true,
        },
        { id: "cost", title: t("f.cost"), cell: (p) => <Money value={p.cost} unit />, end: true },
        { id: "why", title: t("f.reason"), cell: (p) => p.why },
        { id: "at", title: t("f.at"), cell: (p) => <Time at={p.at} near /> },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/price-proposals", { params: { query: { cursor, size: 50 } } }))
      }
      detail={(_id, row) =>
        row && (
          <>
            {may("pricing.write") && !row.decided_by && (
              <div className="acts gap">
                <AskButton
                  label={t("prices.approve")}
                  effect={t("prices.approve_text")}
                  primary
                  run={() => decide.mutateAsync({ id: row.id, approve: true })}
                />
                <AskButton
                  label={t("prices.refuse")}
                  danger
                  run={() => decide.mutateAsync({ id: row.id, approve: false })}
                />
              </div>
            )}
            <Descriptions
              pairs={[
                [t("prices.old"), <Money key="o" value={row.old_unit_price} unit />],
                [t("prices.new"), <Ladder key="n" rungs={row.rungs} />],
                [t("f.cost"), <Money key="c" value={row.cost} unit />],
                [t("f.reason"), row.why],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? skuName(row.sku_id) : id)}
      empty={{
        title: t("prices.no_proposals"),
        text: t("prices.no_proposals_text"),
        action: (
          <Go needs="pricing.write" page="prices" search={{ tab: "guards" }} label={t("guard.title")} />
        ),
      }}
    />
  );
}
