import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { Accounts } from "@/parts/goods/Accounts";
import { BrandForm } from "@/parts/goods/BrandForm";
import { Brands, Products } from "@/parts/goods/lists";
import { ProductForm } from "@/parts/goods/ProductForm";
import { SkuForm } from "@/parts/goods/SkuForm";
import { Sample } from "@/parts/Sample";
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
        tab === "products" ? (
          <ProductForm brand={search.brand_id} />
        ) : tab === "brands" ? (
          <BrandForm />
        ) : tab === "accounts" ? null : (
          <>
            {may("catalog.write") && (
              <Link
                className="button"
                data-testid="import-goods"
                to="/c/$org/import"
                params={{ org: me.mall.slug }}
                search={{ kind: "skus" }}
              >
                {t("imports.goods")}
              </Link>
            )}
            <SkuForm product={search.product_id} primary />
          </>
        )
      }
    >
      <PageTabs
        label={t("nav.goods")}
        tabs={[
          { id: "skus", label: t("goods.skus") },
          { id: "products", label: t("goods.products") },
          { id: "brands", label: t("goods.brands") },
          { id: "accounts", label: t("told.checker") },
        ]}
      />
      {tab === "skus" && <Skus />}
      {tab === "products" && <Products />}
      {tab === "brands" && <Brands />}
      {tab === "accounts" && <Accounts />}
    </Screen>
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
          not: true,
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
      empty={{
        title: t("goods.empty"),
        text: t("goods.empty_text"),
        action: (
          <>
            <Go needs="catalog.write" page="goods" search={{ form: "sku" }} label={t("make.sku")} />
            <Sample page="goods" />
          </>
        ),
      }}
    />
  );
}
