import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { SkuDetail } from "@/parts/SkuDetail";
import {
  CopyCode,
  DataTable,
  Money,
  PageTabs,
  Screen,
  type Search,
  StatusTag,
  Time,
  useListState,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Sku = Of<"SkuOut">;
const size = 50;

export default function Goods() {
  const { t } = useTranslation();
  const [search] = useListState();
  const me = useMe();
  const may = useMay();
  const tab = search.tab ?? "skus";
  return (
    <Screen
      title={t("nav.goods")}
      text={t("goods.text")}
      actions={
        may("catalog.write") && (
          <Link
            className="button"
            data-testid="import-goods"
            to="/c/$org/import"
            params={{ org: me.mall.slug }}
            search={{ kind: "skus" }}
          >
            {t("imports.goods")}
          </Link>
        )
      }
    >
      <PageTabs
        label={t("nav.goods")}
        tabs={[
          { id: "skus", label: t("goods.skus") },
          { id: "products", label: t("goods.products") },
          { id: "brands", label: t("goods.brands") },
        ]}
      />
      {tab === "skus" && <Skus />}
      {tab === "products" && <Products />}
      {tab === "brands" && <Brands />}
    </Screen>
  );
}

function useBrands(): Of<"BrandOut">[] {
  const may = useMay();
  return (
    useQuery({
      queryKey: ["goods", "brands"],
      enabled: may("catalog.read"),
      queryFn: () => got(api.GET("/console/v1/brands", { params: { query: { size: 200 } } })),
    }).data?.items ?? []
  );
}

/** The list's own parameters. */
function plain({ tab: _t, open: _o, ...rest }: Search): Search {
  return rest;
}

function Skus() {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const load = (search: Search) =>
    got(api.GET("/console/v1/skus", { params: { query: { ...plain(search), size } as never } }));
  return (
    <DataTable<Sku>
      id="skus"
      label={t("goods.skus")}
      rowKey={(s) => s.id}
      find={t("goods.find")}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: ["draft", "listed", "delisted"].map((value) => ({ value, label: word("sku", value) })),
        },
      ]}
      totals={(search) => ask<Totals>("/console/v1/skus/totals", plain(search))}
      asked={plain}
      exports="skus"
      views
      bulk={{
        list: "skus",
        acts: [
          { action: "list", permission: "catalog.write" },
          { action: "delist", permission: "catalog.write", danger: true },
          {
            action: "set_tax_category",
            permission: "catalog.write",
            arg: { name: "tax_category", label: t("bulkbar.tax") },
          },
          {
            action: "set_max_quantity",
            permission: "catalog.write",
            arg: { name: "max_quantity", label: t("bulkbar.most") },
          },
        ],
      }}
      columns={[
        {
          id: "name",
          title: t("f.name"),
          cell: (s) => said({ zh: s.name_zh, en: s.name_en }),
          sort: i18n.language.startsWith("zh") ? "name_zh" : "name_en",
        },
        { id: "code", title: t("f.code"), cell: (s) => <CopyCode text={s.code} />, sort: "code" },
        { id: "kind", title: t("f.kind"), cell: (s) => word("kind", s.kind) },
        {
          id: "status",
          title: t("f.status"),
          cell: (s) => <StatusTag kind="sku" code={s.status} />,
        },
        {
          id: "face",
          title: t("f.face_value"),
          cell: (s) => <Money value={s.face_value} />,
          end: true,
        },
        {
          id: "validity",
          title: t("f.validity"),
          cell: (s) => (s.validity_days ? t("days", { count: s.validity_days }) : "–"),
          end: true,
        },
        { id: "issuer", title: t("f.issuer"), cell: (s) => s.issuer ?? "–" },
        {
          id: "updated_at",
          title: t("f.updated_at"),
          cell: (s) => <Time at={s.updated_at} near />,
          sort: "updated_at",
        },
      ]}
      load={load}
      detail={(id) => <SkuDetail id={id} />}
      detailTitle={(row, id) => (row ? said({ zh: row.name_zh, en: row.name_en }) : id)}
      empty={{ title: t("goods.empty"), text: t("goods.empty_text") }}
    />
  );
}

function Products() {
  const { t } = useTranslation();
  const said = useSaid();
  const brands = useBrands();
  const brand = (id: string) => said(pair(brands.find((one) => one.id === id))) || id;
  return (
    <DataTable<Of<"ProductOut">>
      id="products"
      label={t("goods.products")}
      rowKey={(p) => p.id}
      filters={[
        {
          id: "brand_id",
          label: t("f.brand"),
          choices: brands.map((b) => ({ value: b.id, label: said(pair(b)) })),
        },
      ]}
      columns={[
        { id: "name", title: t("f.name"), cell: (p) => said(pair(p)), value: (p) => said(pair(p)) },
        { id: "brand", title: t("f.brand"), cell: (p) => brand(p.brand_id), value: (p) => brand(p.brand_id) },
        { id: "guide", title: t("f.guide"), cell: (p) => said({ zh: p.guide_zh, en: p.guide_en }) || "–" },
        { id: "regions", title: t("f.regions"), cell: (p) => p.regions.join(", ") || "–" },
        { id: "id", title: t("f.id"), cell: (p) => <CopyCode text={p.id} />, hidden: true },
      ]}
      load={({ brand_id, cursor }) =>
        got(api.GET("/console/v1/products", { params: { query: { brand_id, cursor, size } } }))
      }
      empty={{ title: t("goods.no_products"), text: t("goods.no_products_text") }}
    />
  );
}

function Brands() {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <DataTable<Of<"BrandOut">>
      id="brands"
      label={t("goods.brands")}
      rowKey={(b) => b.id}
      columns={[
        { id: "name", title: t("f.name"), cell: (b) => said(pair(b)), value: (b) => said(pair(b)) },
        { id: "zh", title: t("f.name_zh"), cell: (b) => b.name_zh, value: (b) => b.name_zh },
        { id: "en", title: t("f.name_en"), cell: (b) => b.name_en, value: (b) => b.name_en },
        { id: "id", title: t("f.id"), cell: (b) => <CopyCode text={b.id} /> },
      ]}
      load={({ cursor }) => got(api.GET("/console/v1/brands", { params: { query: { cursor, size } } }))}
      empty={{ title: t("goods.no_brands"), text: t("goods.no_brands_text") }}
    />
  );
}

const pair = (one: { name_zh: string; name_en: string } | undefined) =>
  one && { zh: one.name_zh, en: one.name_en };
