import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useProtocols, useSupplierName } from "@/api/names";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { ConnectionDetail } from "@/parts/supply/ConnectionDetail";
import { ConnectionForm } from "@/parts/supply/ConnectionForm";
import { FixTerms } from "@/parts/supply/FixTerms";
import { DataTable, Money, Screen, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Row = Of<"ConnectionOut">;

export default function Connections() {
  const { t } = useTranslation();
  const word = useWord();
  const supplier = useSupplierName();
  const protocols = useProtocols();
  return (
    <Screen
      title={t("nav.connections")}
      text={t("connections.text")}
      actions={
        <>
          <ConnectionForm />
          <FixTerms />
        </>
      }
    >
      <DataTable<Row>
        id="connections"
        label={t("nav.connections")}
        rowKey={(c) => c.id}
        columns={[
          { id: "name", title: t("f.name"), cell: (c) => c.name, sort: "name" },
          {
            id: "state",
            title: t("f.status"),
            cell: (c) => (
              <StatusTag kind="connection" code={c.state} tone={c.state === "on" ? "good" : undefined} />
            ),
          },
          { id: "protocol", title: t("f.protocol"), cell: (c) => c.protocol },
          {
            id: "supplier",
            title: t("f.supplier"),
            cell: (c) => supplier(c.supplier_id),
          },
          {
            id: "balance",
            title: t("f.balance"),
            cell: (c) => <Money value={c.balance} />,
            end: true,
          },
          { id: "balance_at", title: t("f.balance_at"), cell: (c) => <Time at={c.balance_at} near /> },
          {
            id: "at_once",
            title: t("f.at_once"),
            cell: (c) => c.at_once,
            end: true,
          },
          {
            id: "state_at",
            title: t("f.since"),
            cell: (c) => <Time at={c.state_at} near />,
          },
        ]}
        find={t("f.name")}
        filters={[
          {
            id: "status",
            not: true,
            label: t("f.status"),
            choices: ["on", "paused", "off"].map((value) => ({ value, label: word("connection", value) })),
          },
          {
            id: "protocol",
            not: true,
            label: t("f.protocol"),
            choices: protocols.map((one) => ({ value: one.name, label: one.name })),
          },
          {
            id: "supplier_id",
            not: true,
            label: t("f.supplier"),
            pick: "supplier",
          },
        ]}
        views
        load={(search) =>
          got(api.GET("/console/v1/connections", { params: { query: { ...search, size: 50 } as never } }))
        }
        totals={(search) => ask<Totals>("/console/v1/connections/totals", search)}
        detail={(id) => <ConnectionDetail id={id} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{
          title: t("connections.empty"),
          text: t("connections.empty_text"),
          action: (
            <Go
              needs="supply.write"
              page="connections"
              search={{ form: "connection" }}
              label={t("connect.new")}
            />
          ),
        }}
      />
    </Screen>
  );
}
