import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSaid, useWord } from "@/i18n";
import { BrandForm } from "@/parts/goods/BrandForm";
import { Brands, Products } from "@/parts/goods/lists";
import { ProductForm } from "@/parts/goods/ProductForm";
import { SkuForm } from "@/parts/goods/SkuForm";
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

type Sku = Of<"SkuOut">;
const size = 50;

export default function Goods() {
  const { t } = useTranslation();
  const [search] = useListState();
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
        ) : (
          <SkuForm product={search.product_id} primary />
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

function Skus() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const load = ({ q, status, product_id, cursor }: Search) =>
    got(
      api.GET("/console/v1/skus", {
        params: {
          query: { q, status: status ? [status as Sku["status"]] : undefined, product_id, cursor, size },
        },
      }),
    );
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
      columns={[
        {
          id: "name",
          title: t("f.name"),
          cell: (s) => said({ zh: s.name_zh, en: s.name_en }),
          value: (s) => said({ zh: s.name_zh, en: s.name_en }),
        },
        { id: "code", title: t("f.code"), cell: (s) => <CopyCode text={s.code} />, value: (s) => s.code },
        { id: "kind", title: t("f.kind"), cell: (s) => word("kind", s.kind), value: (s) => s.kind },
        {
          id: "status",
          title: t("f.status"),
          cell: (s) => <StatusTag kind="sku" code={s.status} />,
          value: (s) => s.status,
        },
        {
          id: "face",
          title: t("f.face_value"),
          cell: (s) => <Money value={s.face_value} />,
          value: (s) => Number(s.face_value?.amount ?? 0),
          end: true,
        },
        {
          id: "validity",
          title: t("f.validity"),
          cell: (s) => (s.validity_days ? t("days", { count: s.validity_days }) : "–"),
          value: (s) => s.validity_days ?? 0,
          end: true,
        },
        { id: "issuer", title: t("f.issuer"), cell: (s) => s.issuer ?? "–", value: (s) => s.issuer ?? "" },
        {
          id: "updated_at",
          title: t("f.updated_at"),
          cell: (s) => <Time at={s.updated_at} near />,
          value: (s) => s.updated_at,
        },
      ]}
      load={load}
      detail={(id) => <SkuDetail id={id} />}
      detailTitle={(row, id) => (row ? said({ zh: row.name_zh, en: row.name_en }) : id)}
      empty={{ title: t("goods.empty"), text: t("goods.empty_text") }}
    />
  );
}
