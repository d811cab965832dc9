import { useTranslation } from "react-i18next";
import { Input } from "@/ui";
import type { Department } from "./departments";

export interface DepartmentDraft {
  name: string;
  cost_centre: string;
  month_budget: string;
  returns_rest: boolean;
  order_limit: string;
  month_limit: string;
}

export function draftOf(one?: Department): DepartmentDraft {
  return {
    name: one?.name ?? "",
    cost_centre: one?.cost_centre ?? "",
    month_budget: one?.month_budget?.amount ?? "",
    returns_rest: one?.returns_rest ?? false,
    order_limit: one?.order_limit.amount ?? "0",
    month_limit: one?.month_limit.amount ?? "0",
  };
}

/** What a department is: its name, its budget of a month, and what members buy alone. */
export function DepartmentFields({
  draft,
  change,
}: {
  draft: DepartmentDraft;
  change: (some: Partial<DepartmentDraft>) => void;
}) {
  const { t } = useTranslation();
  const field = (name: Exclude<keyof DepartmentDraft, "returns_rest">, hint?: string) => (
    <label className="field">
      <span>{t(`enterprise.${name}`)}</span>
      <Input
        name={name}
        value={draft[name]}
        inputMode={name === "name" || name === "cost_centre" ? "text" : "decimal"}
        maxLength={name === "name" ? 80 : 40}
        onChange={(event) => change({ [name]: event.target.value })}
      />
      {hint && <small className="muted">{hint}</small>}
    </label>
  );
  return (
    <>
      {field("name")}
      {field("cost_centre")}
      {field("month_budget", t("enterprise.month_budget_text"))}
      <label className="field">
        <span>
          <input
            type="checkbox"
            checked={draft.returns_rest}
            onChange={(event) => change({ returns_rest: event.target.checked })}
          />{" "}
          {t("enterprise.returns_rest")}
        </span>
      </label>
      {field("order_limit", t("enterprise.limits_text"))}
      {field("month_limit")}
    </>
  );
}
