import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, pair, useBooks, useBrands, useProductName, useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { Who } from "@/parts/Who";
import { Part, Small, Time } from "@/ui";
import { FormButton, type Values } from "@/ui/form";
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
  return (
    <FormButton
      name="floor"
      label={t("guard.set_floor")}
      touched={["floors", "pricematrix"]}
      fields={[
        {
          kind: "pick",
          name: "sku_id",
          label: t("f.sku"),
          none: null,
          nothing: t("guard.whole_mall"),
          of: "sku",
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
  const scoped = useScoped();
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
          [t("guard.scope"), (one) => scoped(one.scope, one.scope_id) ?? word("follow_scope", one.scope)],
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
  const said = useSaid();
  const brands = useBrands();
  const of = { name: "scope_id", label: t("guard.of"), must: true } as const;
  const by = (scope: string) => (v: Values) => v.scope === scope;
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
        {
          ...of,
          kind: "choice",
          choices: brands.map((one) => ({ value: one.id, label: said(pair(one)) })),
          when: by("brand"),
        },
        { ...of, kind: "pick", of: "product", when: by("product") },
        { ...of, kind: "pick", of: "sku", when: by("sku") },
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

/** What a price follows its cost for, by name. */
function useScoped(): (scope: string, id: string | null) => string | undefined {
  const said = useSaid();
  const brands = useBrands();
  const names = { product: useProductName(), sku: useSkuName() };
  return (scope, id) => {
    if (scope === "brand") return said(pair(brands.find((one) => one.id === id))) || undefined;
    return id && (scope === "product" || scope === "sku") ? names[scope](id) : undefined;
  };
}
