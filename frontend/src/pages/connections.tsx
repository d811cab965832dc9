import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useSuppliers } from "@/api/names";
import { ConnectionDetail } from "@/parts/supply/ConnectionDetail";
import { ConnectionForm } from "@/parts/supply/ConnectionForm";
import { DataTable, Money, Screen, StatusTag, Time } from "@/ui";

type Row = Of<"ConnectionOut">;

export default function Connections() {
  const { t } = useTranslation();
  const supplier = nameIn(useSuppliers());
  return (
    <Screen title={t("nav.connections")} text={t("connections.text")} actions={<ConnectionForm />}>
      <DataTable<Row>
        id="connections"
        label={t("nav.connections")}
        rowKey={(c) => c.id}
        columns={[
          { id: "name", title: t("f.name"), cell: (c) => c.name, value: (c) => c.name },
          {
            id: "state",
            title: t("f.status"),
            cell: (c) => (
              <StatusTag kind="connection" code={c.state} tone={c.state === "on" ? "good" : undefined} />
            ),
            value: (c) => c.state,
          },
          { id: "protocol", title: t("f.protocol"), cell: (c) => c.protocol, value: (c) => c.protocol },
          {
            id: "supplier",
            title: t("f.supplier"),
            cell: (c) => supplier(c.supplier_id),
            value: (c) => supplier(c.supplier_id),
          },
          {
            id: "balance",
            title: t("f.balance"),
            cell: (c) => <Money value={c.balance} />,
            value: (c) => Number(c.balance?.amount ?? 0),
            end: true,
          },
          { id: "balance_at", title: t("f.balance_at"), cell: (c) => <Time at={c.balance_at} near /> },
          {
            id: "at_once",
            title: t("f.at_once"),
            cell: (c) => c.at_once,
            value: (c) => c.at_once,
            end: true,
          },
          {
            id: "state_at",
            title: t("f.since"),
            cell: (c) => <Time at={c.state_at} near />,
            value: (c) => c.state_at,
          },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/connections", { params: { query: { cursor, size: 50 } } }))
        }
        detail={(id) => <ConnectionDetail id={id} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("connections.empty"), text: t("connections.empty_text") }}
      />
    </Screen>
  );
}
