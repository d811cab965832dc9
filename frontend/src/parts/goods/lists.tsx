import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBrands } from "@/api/names";
import { useSaid } from "@/i18n";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, Descriptions } from "@/ui";
import { BrandForm } from "./BrandForm";
import { ProductForm } from "./ProductForm";

const size = 50;

export function Products() {
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
      detail={(_id, row) =>
        row && (
          <>
            <div className="acts gap">
              <ProductForm product={row} />
            </div>
            <Descriptions
              pairs={[
                [t("f.name_zh"), row.name_zh],
                [t("f.name_en"), row.name_en],
                [t("f.brand"), brand(row.brand_id)],
                [t("make.guide_zh"), row.guide_zh],
                [t("make.guide_en"), row.guide_en],
                [t("make.description_zh"), row.description_zh],
                [t("make.description_en"), row.description_en],
                [t("f.regions"), row.regions.join(", ")],
                [t("f.id"), <CopyCode key="i" text={row.id} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? said(pair(row)) : id)}
      empty={{
        title: t("goods.no_products"),
        text: t("goods.no_products_text"),
        action: (
          <Go
            needs="catalog.write"
            page="goods"
            search={{ tab: "products", form: "product" }}
            label={t("make.product")}
          />
        ),
      }}
    />
  );
}

export function Brands() {
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
      detail={(_id, row) =>
        row && (
          <>
            <div className="acts gap">
              <BrandForm brand={row} />
            </div>
            <Descriptions
              pairs={[
                [t("f.name_zh"), row.name_zh],
                [t("f.name_en"), row.name_en],
                [t("f.id"), <CopyCode key="i" text={row.id} />],
              ]}
            />
          </>
        )
      }
      detailTitle={(row, id) => (row ? said(pair(row)) : id)}
      empty={{
        title: t("goods.no_brands"),
        text: t("goods.no_brands_text"),
        action: (
          <Go
            needs="catalog.write"
            page="goods"
            search={{ tab: "brands", form: "brand" }}
            label={t("make.brand")}
          />
        ),
      }}
    />
  );
}
