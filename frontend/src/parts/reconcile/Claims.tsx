import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { AskButton, DataTable, Descriptions, Money, StatusTag, Time, useAct } from "@/ui";
import type { OfConnection } from "./of";

type Claim = Of<"commissary.settlement.wire.ClaimOut">;

/** What we dispute with a supplier, until he grants or refuses it. */
export function Claims({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const end = useAct(
    ({ id, outcome }: { id: string; outcome: Of<"EndClaimIn">["outcome"] }) =>
      got(
        api.POST("/console/v1/claims/{claim_id}/end", {
          params: { path: { claim_id: id } },
          body: { outcome },
        }),
      ),
    "claims",
    "days",
  );
  return (
    <DataTable<Claim>
      id="claims"
      label={t("reconcile.claims")}
      rowKey={(c) => c.id}
      filters={[
        filter,
        {
          id: "status",
          label: t("f.status"),
          choices: ["waiting", "granted", "refused"].map((value) => ({
            value,
            label: word("claim_status", value),
          })),
        },
      ]}
      columns={[
        { id: "at", title: t("f.at"), cell: (c) => <Time at={c.opened_at} />, value: (c) => c.opened_at },
        {
          id: "status",
          title: t("f.status"),
          cell: (c) => <StatusTag kind="claim_status" code={c.status} />,
          value: (c) => c.status,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (c) => <Money value={c.amount} />,
          value: (c) => Number(c.amount.amount),
          end: true,
        },
        { id: "ended", title: t("f.ended_at"), cell: (c) => <Time at={c.ended_at} /> },
      ]}
      load={({ status, cursor }) =>
        got(
          api.GET("/console/v1/connections/{connection_id}/claims", {
            params: {
              path: { connection_id: connection },
              query: { status: status as Claim["status"], cursor, size: 50 },
            },
          }),
        )
      }
      detail={(_id, row) =>
        row && (
          <>
            {row.status === "waiting" && may("settlement.write") && (
              <div className="acts gap">
                {(["granted", "refused"] as const).map((outcome) => (
                  <AskButton
                    key={outcome}
                    label={word("claim_outcome", outcome)}
                    effect={outcome === "granted" ? t("reconcile.granted_text") : t("reconcile.refused_text")}
                    danger={outcome === "refused"}
                    testid={`claim-${outcome}`}
                    run={() => end.mutateAsync({ id: row.id, outcome })}
                  />
                ))}
              </div>
            )}
            <Descriptions
              pairs={[
                [t("f.status"), <StatusTag key="s" kind="claim_status" code={row.status} />],
                [t("f.amount"), <Money key="a" value={row.amount} />],
                [t("f.at"), <Time key="o" at={row.opened_at} />],
                [t("f.ended_at"), <Time key="e" at={row.ended_at} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? <Money value={row.amount} /> : id)}
      empty={{
        title: t("reconcile.no_claims"),
        text: t("reconcile.no_claims_text"),
        action: <Go needs="settlement.read" page="reconcile" label={t("reconcile.differences")} />,
      }}
    />
  );
}
