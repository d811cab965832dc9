import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useConnections } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { DataTable, Descriptions, Money, Pending, Time } from "@/ui";
import { FormButton } from "@/ui/form";
import type { OfConnection } from "./of";

/** What we paid a supplier, in advance or for what we owed. */
export function Payments({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
  const may = useMay();
  const home = useMe().mall.currency;
  const theirs = useConnections().find((one) => one.id === connection)?.currency ?? home;
  const account = useQuery({
    queryKey: ["payments", "account", connection],
    queryFn: () =>
      got(
        api.GET("/console/v1/connections/{connection_id}/account", {
          params: { path: { connection_id: connection } },
        }),
      ),
  });
  return (
    <>
      {account.data ? (
        <div data-testid="supplier-account">
          <Descriptions pairs={[[t("reconcile.account"), <Money key="b" value={account.data.balance} />]]} />
        </div>
      ) : (
        <Pending of={account} rows={1} />
      )}
      {may("settlement.payout") && (
        <div className="acts gap">
          <FormButton
            name={`pay-${connection}`}
            label={t("reconcile.pay")}
            touched={["payments", "days"]}
            fields={[
              { kind: "money", name: "amount", label: t("f.amount"), must: true, currency: theirs },
              {
                kind: "money",
                name: "spent",
                label: t("reconcile.spent"),
                currency: home,
                must: true,
                hint: t("reconcile.spent_hint"),
                when: () => theirs !== home,
              },
              {
                kind: "text",
                name: "reference",
                label: t("money_form.reference"),
                must: true,
                most: 120,
                hint: t("money_form.reference_hint"),
              },
              { kind: "text", name: "memo", label: t("f.memo"), most: 500 },
            ]}
            first={{ amount: "", spent: "", reference: "", memo: "" }}
            send={(sent) =>
              got(
                api.POST("/console/v1/connections/{connection_id}/payments", {
                  params: { path: { connection_id: connection } },
                  body: sent as unknown as Of<"PayIn">,
                }),
              )
            }
          />
        </div>
      )}
      <DataTable<Of<"PaymentOut">>
        id="payments"
        label={t("reconcile.paid")}
        rowKey={(p) => p.id}
        filters={[filter]}
        columns={[
          { id: "at", title: t("f.at"), cell: (p) => <Time at={p.at} />, value: (p) => p.at },
          {
            id: "amount",
            title: t("f.amount"),
            cell: (p) => <Money value={p.amount} />,
            value: (p) => Number(p.amount.amount),
            end: true,
          },
          { id: "reference", title: t("money_form.reference"), cell: (p) => p.reference },
          { id: "memo", title: t("f.memo"), cell: (p) => p.memo || "–" },
        ]}
        load={({ cursor }) =>
          got(
            api.GET("/console/v1/connections/{connection_id}/payments", {
              params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
            }),
          )
        }
        empty={{ title: t("reconcile.no_payments"), text: t("reconcile.no_payments_text") }}
      />
    </>
  );
}
