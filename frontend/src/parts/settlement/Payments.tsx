import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Go } from "@/parts/Go";
import { DataTable, Money, Time } from "@/ui";
import type { OfConnection } from "./of";

/** What the mall paid him. */
export function Payments({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
  return (
    <DataTable<Of<"MyPaymentOut">>
      id="my-payments"
      label={t("supply.payments")}
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
        {
          id: "reference",
          title: t("supply.reference"),
          cell: (p) => p.reference,
          value: (p) => p.reference,
        },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/own/connections/{connection_id}/payments", {
            params: { path: { connection_id: connection }, query: { cursor, size: 50 } },
          }),
        )
      }
      empty={{
        title: t("supply.no_payments"),
        text: t("supply.no_payments_text"),
        action: <Go needs="own.supply.read" page="my-settlement" label={t("supply.days")} />,
      }}
    />
  );
}
