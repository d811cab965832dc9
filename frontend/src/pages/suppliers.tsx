import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Go } from "@/parts/Go";
import { SupplierDetail } from "@/parts/SupplierDetail";
import { PaperForm } from "@/parts/suppliers/PaperForm";
import { Papers } from "@/parts/suppliers/Papers";
import { SupplierForm } from "@/parts/suppliers/SupplierForms";
import { CopyCode, DataTable, PageTabs, Screen, StatusTag, Time, useListState } from "@/ui";

export default function Suppliers() {
  const { t } = useTranslation();
  const [search] = useListState();
  return (
    <Screen
      title={t("nav.suppliers")}
      text={t("suppliers.text")}
      actions={search.tab === "papers" ? <PaperForm supplier={search.supplier_id} /> : <SupplierForm />}
    >
      <PageTabs
        label={t("nav.suppliers")}
        tabs={[
          { id: "suppliers", label: t("nav.suppliers") },
          { id: "papers", label: t("suppliers.papers") },
        ]}
      />
      {search.tab === "papers" ? <Papers /> : <List />}
    </Screen>
  );
}

function List() {
  const { t } = useTranslation();
  return (
    <DataTable<Of<"SupplierOut">>
      id="suppliers"
      label={t("nav.suppliers")}
      rowKey={(s) => s.id}
      columns={[
        { id: "name", title: t("f.name"), cell: (s) => s.name, value: (s) => s.name },
        {
          id: "status",
          title: t("f.status"),
          cell: (s) => <StatusTag kind="company" code={s.status} />,
          value: (s) => s.status,
        },
        {
          id: "grade",
          title: t("f.grade"),
          cell: (s) => <StatusTag kind="grade" code={s.grade} />,
          value: (s) => s.grade,
        },
        {
          id: "days",
          title: t("f.settlement_days"),
          cell: (s) => t("days", { count: s.settlement_days }),
          value: (s) => s.settlement_days,
          end: true,
        },
        {
          id: "updated_at",
          title: t("f.updated_at"),
          cell: (s) => <Time at={s.updated_at} near />,
          value: (s) => s.updated_at,
        },
        { id: "id", title: t("f.id"), cell: (s) => <CopyCode text={s.id} />, hidden: true },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/suppliers", { params: { query: { cursor, size: 50 } } }))
      }
      detail={(id, row) => <SupplierDetail id={id} row={row} />}
      detailTitle={(row, id) => row?.name ?? id}
      empty={{
        title: t("suppliers.empty"),
        text: t("suppliers.empty_text"),
        action: (
          <Go
            needs="partners.write"
            page="suppliers"
            search={{ form: "supplier" }}
            label={t("supplier.new")}
          />
        ),
      }}
    />
  );
}
