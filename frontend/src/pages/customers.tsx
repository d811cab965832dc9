import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useTiers } from "@/api/names";
import { BuyerDetail } from "@/parts/BuyerDetail";
import { BuyerForm, TierForm } from "@/parts/customers/BuyerForm";
import { CopyCode, DataTable, Screen, StatusTag, Time } from "@/ui";

export default function Customers() {
  const { t } = useTranslation();
  const tiers = useTiers();
  const tier = nameIn(tiers);
  return (
    <Screen
      title={t("nav.customers")}
      text={t("customers.text")}
      actions={
        <>
          <BuyerForm />
          <TierForm />
        </>
      }
    >
      <DataTable<Of<"BuyerOut">>
        id="buyers"
        label={t("nav.customers")}
        rowKey={(b) => b.id}
        find={t("customers.find")}
        filters={[
          {
            id: "tier_id",
            label: t("f.tier"),
            choices: tiers.map((one) => ({ value: one.id, label: one.name })),
          },
        ]}
        columns={[
          { id: "name", title: t("f.name"), cell: (b) => b.name, value: (b) => b.name },
          {
            id: "status",
            title: t("f.status"),
            cell: (b) => <StatusTag kind="company" code={b.status} />,
            value: (b) => b.status,
          },
          { id: "tier", title: t("f.tier"), cell: (b) => tier(b.tier_id), value: (b) => tier(b.tier_id) },
          { id: "notes", title: t("f.notes"), cell: (b) => b.notes || "–" },
          {
            id: "updated_at",
            title: t("f.updated_at"),
            cell: (b) => <Time at={b.updated_at} near />,
            value: (b) => b.updated_at,
          },
          { id: "id", title: t("f.id"), cell: (b) => <CopyCode text={b.id} /> },
        ]}
        load={({ q, tier_id, cursor }) =>
          got(api.GET("/console/v1/buyers", { params: { query: { search: q, tier_id, cursor, size: 50 } } }))
        }
        detail={(id) => <BuyerDetail id={id} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("customers.empty"), text: t("customers.empty_text") }}
      />
    </Screen>
  );
}
