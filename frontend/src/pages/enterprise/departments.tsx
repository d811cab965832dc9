import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { DepartmentDetail } from "@/parts/enterprise/DepartmentDetail";
import { DepartmentFields, draftOf } from "@/parts/enterprise/DepartmentFields";
import { amountOf, type Department, useDepartments } from "@/parts/enterprise/departments";
import { AskButton, DataTable, Money, Screen, StatusTag, useAct } from "@/ui";

/** Departments, their budgets and members, and what members buy alone. */
export default function Departments() {
  const { t } = useTranslation();
  const may = useMay();
  const open = may("own.departments.write") && <Open />;
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

function Open() {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf());
  const { data } = useDepartments();
  const currency = data?.company?.balance.currency ?? "CNY";
  const open = useAct(
    () =>
      got(
        api.POST("/console/v1/own/departments", {
          body: {
            name: draft.name,
            cost_centre: draft.cost_centre,
            returns_rest: draft.returns_rest,
            month_budget: amountOf(draft.month_budget, currency),
            order_limit: amountOf(draft.order_limit, currency),
            month_limit: amountOf(draft.month_limit, currency),
          },
        }),
      ),
    "departments",
  );
  return (
    <AskButton
      label={t("enterprise.open")}
      effect={t("enterprise.open_text")}
      primary
      testid="open-department"
      ready={draft.name.trim() !== ""}
      run={() => open.mutateAsync(undefined).then(() => setDraft(draftOf()))}
    >
      <DepartmentFields draft={draft} change={(some) => setDraft({ ...draft, ...some })} />
    </AskButton>
  );
}
