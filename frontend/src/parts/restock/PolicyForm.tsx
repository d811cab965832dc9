import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { FROM_STOCK } from "@/parts/goods/kinds";
import { type Field, FormButton, type Values } from "@/ui/form";

type Policy = Of<"RestockPolicyOut">;

/** When a SKU is bought for the shelf, how much, and within what budget; without `of` for one that has no policy yet. */
export function PolicyForm({ of }: { of?: Policy }) {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  const money = (name: string, label: string, hint: string): Field => ({
    kind: "money",
    name,
    label,
    hint,
    currency,
    must: true,
    half: true,
  });
  const fields: Field[] = [
    {
      kind: "pick",
      name: "sku_id",
      label: t("f.sku"),
      must: true,
      fixed: of !== undefined,
      of: "sku",
      where: { kind: RUNS_OUT },
    },
    { kind: "yes", name: "active", label: t("restock.active") },
    {
      kind: "whole",
      name: "reorder_at",
      label: t("restock.reorder_at"),
      least: 0,
      most: 1_000_000,
      none: null,
      half: true,
      hint: t("restock.reorder_hint"),
    },
    {
      kind: "whole",
      name: "reorder_days",
      label: t("restock.reorder_days"),
      least: 1,
      most: 365,
      none: null,
      half: true,
    },
    {
      kind: "whole",
      name: "cover_days",
      label: t("restock.cover_days"),
      must: true,
      least: 1,
      most: 365,
      half: true,
      hint: t("restock.cover_hint"),
    },
    {
      kind: "whole",
      name: "most_pieces",
      label: t("restock.most_pieces"),
      must: true,
      least: 1,
      most: 1_000_000,
      half: true,
    },
    money("most_unit_cost", t("restock.most_unit_cost"), t("restock.most_unit_cost_hint")),
    money("monthly_budget", t("restock.monthly_budget"), t("restock.monthly_budget_hint")),
    money("approval_above", t("restock.approval_above"), t("restock.approval_hint")),
  ];
  const put = (sku_id: string, body: Values, version: number) =>
    got(
      api.PUT("/console/v1/skus/{sku_id}/restock-policy", {
        params: { path: { sku_id } },
        body: { ...body, version } as unknown as Of<"RestockPolicyIn">,
      }),
    );
  return (
    <FormButton
      name={`restock-${of?.sku_id ?? "new"}`}
      label={t(of ? "make.edit" : "restock.add_policy")}
      primary={!of}
      touched={["restock-policies", "restocks"]}
      fields={fields}
      first={
        of
          ? { ...valuesOf(of), sku_id: of.sku_id }
          : { sku_id: "", active: true, reorder_at: null, reorder_days: 3, cover_days: 14, most_pieces: 1000 }
      }
      version={of?.version}
      codes={{ not_stocked: "sku_id" }}
      send={({ sku_id, ...sent }, { version }) => put(String(sku_id), sent, version)}
    />
  );
}

// A code that is sold again and again does not run out.
const RUNS_OUT = FROM_STOCK.filter((kind) => kind !== "shared_code");

const valuesOf = ({
  active,
  reorder_at,
  reorder_days,
  cover_days,
  most_pieces,
  ...rest
}: Policy): Values => ({
  active,
  reorder_at,
  reorder_days,
  cover_days,
  most_pieces,
  most_unit_cost: rest.most_unit_cost.amount,
  monthly_budget: rest.monthly_budget.amount,
  approval_above: rest.approval_above.amount,
});
