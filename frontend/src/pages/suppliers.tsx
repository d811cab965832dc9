import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { Go } from "@/parts/Go";
import { SupplierDetail } from "@/parts/SupplierDetail";
import { Declared } from "@/parts/suppliers/Declared";
import { NameListForm, NameLists } from "@/parts/suppliers/NameLists";
import { PaperForm } from "@/parts/suppliers/PaperForm";
import { PaperRuleForm, PaperRules } from "@/parts/suppliers/PaperRules";
import { Papers } from "@/parts/suppliers/Papers";
import { SupplierForm } from "@/parts/suppliers/SupplierForms";
import { CopyCode, DataTable, PageTabs, Screen, StatusTag, Time, useListState } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

export default function Suppliers() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  const shown = {
    papers: [<PaperForm key="a" supplier={search.supplier_id} />, <Papers key="l" />],
    rules: [<PaperRuleForm key="a" />, <PaperRules key="l" />],
    names: [<NameListForm key="a" />, <NameLists key="l" />],
    declared: [null, <Declared key="l" />],
  }[search.tab ?? ""] ?? [<SupplierForm key="a" />, <List key="l" />];
  return (
    <Screen title={t("nav.suppliers")} text={t("suppliers.text")} actions={shown[0]}>
      <PageTabs
        label={t("nav.suppliers")}
        tabs={[
          { id: "suppliers", label: t("nav.suppliers") },
          { id: "papers", label: t("suppliers.papers") },
          { id: "rules", label: t("kyb.rules") },
          { id: "names", label: t("kyb.lists") },
          ...(may("supply.read") ? [{ id: "declared", label: t("kyb.declared") }] : []),
        ]}
      />
      {shown[1]}
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
      totals={() => ask<Totals>("/console/v1/suppliers/totals")}
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
