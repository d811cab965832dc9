import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { nameIn, useTiers } from "@/api/names";
import { useWord } from "@/i18n";
import { BuyerDetail } from "@/parts/BuyerDetail";
import { BuyerForm, TierForm } from "@/parts/customers/BuyerForm";
import { Tiers } from "@/parts/customers/Tiers";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, PageTabs, Screen, StatusTag, Time, useListState } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

export default function Customers() {
  const { t } = useTranslation();
  const [search] = useListState();
  return (
    <Screen
      title={t("nav.customers")}
      text={t("customers.text")}
      actions={search.tab === "tiers" ? <TierForm /> : <BuyerForm />}
    >
      <PageTabs
        label={t("nav.customers")}
        tabs={[
          { id: "buyers", label: t("nav.customers") },
          { id: "tiers", label: t("told.tiers") },
        ]}
      />
      {search.tab === "tiers" ? <Tiers /> : <List />}
    </Screen>
  );
}

function List() {
  const { t } = useTranslation();
  const word = useWord();
  const tiers = useTiers();
  const tier = nameIn(tiers);
  return (
    <DataTable<Of<"BuyerOut">>
      id="buyers"
      label={t("nav.customers")}
      rowKey={(b) => b.id}
      find={t("customers.find")}
      filters={[
        {
          id: "tier_id",
          not: true,
          label: t("f.tier"),
          choices: tiers.map((one) => ({ value: one.id, label: one.name })),
        },
      ]}
      columns={[
        { id: "name", title: t("f.name"), cell: (b) => b.name, sort: "name" },
        {
          id: "status",
          title: t("f.status"),
          cell: (b) => <StatusTag kind="company" code={b.status} />,
        },
        { id: "tier", title: t("f.tier"), cell: (b) => tier(b.tier_id) },
        { id: "business", title: t("f.business"), cell: (b) => word("business", b.business) },
        { id: "notes", title: t("f.notes"), cell: (b) => b.notes || "–" },
        {
          id: "updated_at",
          title: t("f.updated_at"),
          cell: (b) => <Time at={b.updated_at} near />,
          sort: "updated_at",
        },
        { id: "id", title: t("f.id"), cell: (b) => <CopyCode text={b.id} /> },
      ]}
      load={({ open: _, ...search }) =>
        got(api.GET("/console/v1/buyers", { params: { query: { ...search, size: 50 } as never } }))
      }
      totals={({ open: _, ...search }) => ask<Totals>("/console/v1/buyers/totals", search)}
      exports="buyers"
      views
      bulk={{
        list: "buyers",
        acts: [
          {
            action: "set_tier",
            permission: "partners.write",
            arg: {
              name: "tier_id",
              label: t("bulkbar.tier"),
              choices: [
                ...tiers.map((one) => ({ value: one.id, label: one.name })),
                { value: "none", label: t("bulkbar.no_tier") },
              ],
            },
          },
          { action: "suspend", permission: "partners.write", danger: true },
          { action: "resume", permission: "partners.write" },
        ],
      }}
      detail={(id) => <BuyerDetail id={id} />}
      detailTitle={(row, id) => row?.name ?? id}
      empty={{
        title: t("customers.empty"),
        text: t("customers.empty_text"),
        action: (
          <Go needs="partners.write" page="customers" search={{ form: "buyer" }} label={t("buyer.new")} />
        ),
      }}
    />
  );
}
