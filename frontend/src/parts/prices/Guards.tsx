import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, pair, useBooks, useBrands, useProducts, useSkuName, useSkus } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { Who } from "@/parts/Who";
import { Part, Small, Time } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";
import { useTemplates } from "./Templates";

const percent = (bp: number): string => `${bp / 100} %`;

/** What keeps prices above cost: floors, and prices that follow their cost by themselves. */
export function Guards() {
  return (
    <>
      <Floors />
      <Follows />
    </>
  );
}

function Floors() {
  const { t } = useTranslation();
  const may = useMay();
  const skuName = useSkuName();
  const floors = useQuery({ queryKey: ["floors"], queryFn: () => got(api.GET("/console/v1/floors")) });
  return (
    <Part title={t("guard.floors")} actions={may("pricing.floor") && may("pricing.write") && <FloorForm />}>
      <p className="muted">{t("guard.floors_text")}</p>
      <Small
        of={floors}
        rows={floors.data?.items ?? []}
        keyOf={(one) => one.sku_id ?? "mall"}
        none={t("guard.no_floors")}
        columns={[
          [t("f.sku"), (one) => (one.sku_id ? skuName(one.sku_id) : t("guard.whole_mall"))],
          [t("guard.margin"), (one) => percent(one.margin_bp), "end"],
          [t("f.author"), (one) => <Who by={one.author} />],
          [t("f.at"), (one) => <Time at={one.at} />],
        ]}
      />
    </Part>
  );
}

function FloorForm() {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const skus = [...useSkus().values()];
  return (
    <FormButton
      name="floor"
      label={t("guard.set_floor")}
      touched={["floors", "pricematrix"]}
      fields={[
        {
          kind: "choice",
          name: "sku_id",
          label: t("f.sku"),
          none: null,
          nothing: t("guard.whole_mall"),
          choices: skus.map((sku) => ({ value: sku.id, label: `${sku.code} ${skuName(sku.id)}` })),
        },
        {
          kind: "percent",
          name: "margin_bp",
          label: t("guard.margin"),
          must: true,
          hint: t("guard.margin_hint"),
        },
      ]}
      first={{ sku_id: "", margin_bp: null }}
      send={(sent) => got(api.PUT("/console/v1/floors", { body: sent as unknown as Of<"FloorIn"> }))}
    />
  );
}

function Follows() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const book = nameIn(useBooks());
  const template = nameIn(useTemplates().data ?? []);
  const scoped = useScopes();
  const follows = useQuery({
    queryKey: ["follows"],
    queryFn: () => got(api.GET("/console/v1/price-follows")),
  });
  return (
    <Part title={t("guard.follows")} actions={may("pricing.write") && <FollowForm />}>
      <p className="muted">{t("guard.follows_text")}</p>
      <Small
        of={follows}
        rows={follows.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("guard.no_follows")}
        columns={[
          [t("f.book"), (one) => book(one.book_id)],
          [
            t("guard.scope"),
            (one) => {
              const of = scoped(one.scope).find((each) => each.value === one.scope_id);
              return of ? of.label : word("follow_scope", one.scope);
            },
          ],
          [t("guard.template"), (one) => template(one.template_id)],
          [t("guard.limit"), (one) => percent(one.limit_bp), "end"],
          [t("f.status"), (one) => (one.active ? t("yes") : t("no"))],
        ]}
      />
    </Part>
  );
}

function FollowForm() {
  const { t } = useTranslation();
  const choices = useChoices();
  const books = useBooks();
  const templates = useTemplates();
  const scoped = useScopes();
  const of = (scope: string): Field => ({
    kind: "choice",
    name: "scope_id",
    label: t("guard.of"),
    must: true,
    choices: scoped(scope),
    when: (v: Values) => v.scope === scope,
  });
  return (
    <FormButton
      name="follow"
      label={t("guard.set_follow")}
      touched={["follows"]}
      fields={[
        {
          kind: "choice",
          name: "book_id",
          label: t("f.book"),
          must: true,
          choices: books.map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: "choice",
          name: "scope",
          label: t("guard.scope"),
          must: true,
          choices: choices("follow_scope", ["mall", "brand", "product", "sku"]),
        },
        of("brand"),
        of("product"),
        of("sku"),
        {
          kind: "choice",
          name: "template_id",
          label: t("guard.template"),
          must: true,
          of: templates,
          choices: (templates.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: "percent",
          name: "limit_bp",
          label: t("guard.limit"),
          must: true,
          hint: t("guard.limit_hint"),
        },
        { kind: "yes", name: "active", label: t("guard.active") },
      ]}
      first={{ book_id: "", scope: "mall", scope_id: "", template_id: "", limit_bp: 500, active: true }}
      send={(sent) => got(api.PUT("/console/v1/price-follows", { body: sent as unknown as Of<"FollowIn"> }))}
    />
  );
}

function useScopes() {
  const said = useSaid();
  const skuName = useSkuName();
  const [brands, products, skus] = [useBrands(), useProducts(), [...useSkus().values()]];
  return (scope: string) => {
    if (scope === "brand") return brands.map((one) => ({ value: one.id, label: said(pair(one)) }));
    if (scope === "product") return products.map((one) => ({ value: one.id, label: said(pair(one)) }));
    if (scope === "sku")
      return skus.map((one) => ({ value: one.id, label: `${one.code} ${skuName(one.id)}` }));
    return [];
  };
}
