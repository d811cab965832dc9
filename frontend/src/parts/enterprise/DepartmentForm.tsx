import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { type Field, FormButton, type Values } from "@/ui/form";
import type { Department } from "./departments";

const DIRECTIONS = ["to_department", "to_company"] as const;

/** A department opened, or changed: its name, its budget of a month, and what members buy alone. */
export function DepartmentForm({ one, currency }: { one?: Department; currency: string }) {
  const { t } = useTranslation();
  const fields: Field[] = [
    { kind: "text", name: "name", label: t("enterprise.name"), must: true, most: 80, half: true },
    { kind: "text", name: "cost_centre", label: t("enterprise.cost_centre"), most: 40, half: true, none: "" },
    {
      kind: "money",
      name: "month_budget",
      label: t("enterprise.month_budget"),
      currency,
      none: null,
      hint: t("enterprise.month_budget_text"),
    },
    { kind: "yes", name: "returns_rest", label: t("enterprise.returns_rest") },
    {
      kind: "money",
      name: "order_limit",
      label: t("enterprise.order_limit"),
      currency,
      must: true,
      half: true,
      hint: t("enterprise.limits_text"),
    },
    {
      kind: "money",
      name: "month_limit",
      label: t("enterprise.month_limit"),
      currency,
      must: true,
      half: true,
    },
  ];
  const params = { path: { department_id: one?.id ?? "" } };
  return (
    <FormButton<Department>
      name={`department-${one?.id ?? "new"}`}
      label={one ? t("enterprise.edit") : t("enterprise.open")}
      intro={!one && <p className="muted">{t("enterprise.open_text")}</p>}
      primary={!one}
      touched={["departments"]}
      codes={{ department_name_taken: "name" }}
      fields={fields}
      first={valuesOf(one)}
      version={one?.version}
      fresh={
        one &&
        (async () => {
          const now = await got(api.GET("/console/v1/own/departments/{department_id}", { params }));
          return { values: valuesOf(now), version: now.version };
        })
      }
      send={(sent, { version }) =>
        one
          ? got(
              api.PATCH("/console/v1/own/departments/{department_id}", {
                params,
                body: { ...sent, version } as unknown as Of<"DepartmentEdit">,
              }),
            )
          : got(api.POST("/console/v1/own/departments", { body: sent as unknown as Of<"DepartmentIn"> }))
      }
    />
  );
}

/** Between the company's wallet and the department's, once however often it is sent. */
export function MoveBudget({ one }: { one: Department }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <FormButton
      name={`budget-${one.id}`}
      label={t("enterprise.move")}
      intro={<p className="muted">{t("enterprise.move_text")}</p>}
      primary
      touched={["departments"]}
      fields={[
        {
          kind: "choice",
          name: "direction",
          label: t("enterprise.direction"),
          must: true,
          choices: DIRECTIONS.map((value) => ({ value, label: word("direction", value) })),
        },
        { kind: "money", name: "amount", label: t("f.amount"), must: true, currency: one.available.currency },
        { kind: "text", name: "memo", label: t("f.memo"), most: 500, none: null },
      ]}
      first={{ direction: "to_department", amount: "", memo: "" }}
      send={(sent, { key }) =>
        got(
          api.POST("/console/v1/own/departments/{department_id}/budget-moves", {
            params: { path: { department_id: one.id }, header: { "Idempotency-Key": key } },
            body: sent as unknown as Of<"BudgetMoveIn">,
          }),
        )
      }
    />
  );
}

function valuesOf(one?: Department): Values {
  return {
    name: one?.name ?? "",
    cost_centre: one?.cost_centre ?? "",
    month_budget: one?.month_budget?.amount ?? "",
    returns_rest: one?.returns_rest ?? false,
    order_limit: one?.order_limit.amount ?? "0",
    month_limit: one?.month_limit.amount ?? "0",
  };
}
