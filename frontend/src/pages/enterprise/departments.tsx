import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { DepartmentDetail } from "@/parts/enterprise/DepartmentDetail";
import { DepartmentForm } from "@/parts/enterprise/DepartmentForm";
import { type Department, useDepartments } from "@/parts/enterprise/departments";
import { DataTable, Money, Screen, StatusTag } from "@/ui";

/** Departments, their budgets and members, and what members buy alone. */
export default function Departments() {
  const { t } = useTranslation();
  const may = useMay();
  const currency = useDepartments().data?.company?.balance.currency ?? "CNY";
  const open = may("own.departments.write") && <DepartmentForm currency={currency} />;
  return (
    <Screen title={t("nav.departments")} text={t("enterprise.departments_text")} actions={open}>
      <DataTable<Department>
        id="departments"
        label={t("nav.departments")}
        rowKey={(d) => d.id}
        columns={[
          { id: "name", title: t("enterprise.name"), cell: (d) => d.name, value: (d) => d.name },
          {
            id: "cost_centre",
            title: t("enterprise.cost_centre"),
            cell: (d) => d.cost_centre || "–",
            value: (d) => d.cost_centre,
          },
          {
            id: "status",
            title: t("f.status"),
            cell: (d) => (
              <StatusTag kind="department" code={d.status} tone={d.status === "open" ? "good" : "off"} />
            ),
            value: (d) => d.status,
          },
          {
            id: "available",
            title: t("f.available_money"),
            cell: (d) => <Money value={d.available} />,
            value: (d) => Number(d.available.amount),
            end: true,
          },
          {
            id: "spent",
            title: t("enterprise.spent"),
            cell: (d) => <Money value={d.spent} />,
            value: (d) => Number(d.spent.amount),
            end: true,
          },
          {
            id: "budget",
            title: t("enterprise.month_budget"),
            cell: (d) => <Money value={d.month_budget} />,
            end: true,
          },
          {
            id: "members",
            title: t("enterprise.members"),
            cell: (d) => d.members.length,
            value: (d) => d.members.length,
            end: true,
          },
        ]}
        load={() =>
          got(api.GET("/console/v1/own/departments")).then(({ items }) => ({
            items,
            total_estimate: items.length,
          }))
        }
        detail={(_id, row) => row && <DepartmentDetail key={`${row.id}${row.name}`} one={row} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("enterprise.no_departments"), text: t("enterprise.no_departments_text") }}
      />
    </Screen>
  );
}
