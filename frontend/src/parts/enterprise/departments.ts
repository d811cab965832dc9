import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "@/api/client";

export type Department = Of<"DepartmentOut">;

/** The company's departments, or those one belongs to; `company` is the main wallet, for who manages budgets. */
export function useDepartments() {
  return useQuery({
    queryKey: ["departments", "all"],
    queryFn: () => got(api.GET("/console/v1/own/departments")),
  });
}

/** How much of the month's budget is spent, in whole percent; null without a budget. */
export function spentShare(one: Department): number | null {
  const budget = Number(one.month_budget?.amount ?? 0);
  return budget > 0 ? Math.min(100, Math.round((Number(one.spent.amount) / budget) * 100)) : null;
}
