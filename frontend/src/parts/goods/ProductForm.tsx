import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBrands } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { both, type Field, FormButton } from "@/ui/form";

type Product = Of<"ProductOut">;

const values = (one?: Product, brand = "") => ({
  brand_id: one?.brand_id ?? brand,
  name_zh: one?.name_zh ?? "",
  name_en: one?.name_en ?? "",
  guide_zh: one?.guide_zh ?? "",
  guide_en: one?.guide_en ?? "",
  description_zh: one?.description_zh ?? "",
  description_en: one?.description_en ?? "",
  regions: one?.regions.join("\n") ?? "",
});

export function ProductForm({ product, brand }: { product?: Product; brand?: string }) {
  const { t } = useTranslation();
  const said = useSaid();
  const may = useMay();
  const brands = useBrands();
  if (!may("catalog.write")) return null;
  const path = { product_id: product?.id ?? "" };
  const name = { zh: t("f.name_zh"), en: t("f.name_en") };
  const fields: Field[] = [
    {
      kind: "choice",
      name: "brand_id",
      label: t("f.brand"),
      must: true,
      choices: brands.map((one) => ({ value: one.id, label: said(pair(one)) })),
      hint: brands.length ? undefined : t("make.no_brand"),
    },
    ...both("name", name, { must: true, most: 200 }),
    ...both("guide", { zh: t("make.guide_zh"), en: t("make.guide_en") }, { long: true, none: "" }),
    ...both(
      "description",
      { zh: t("make.description_zh"), en: t("make.description_en") },
      { long: true, none: "" },
    ),
    { kind: "list", name: "regions", label: t("f.regions"), hint: t("make.regions_hint"), example: "CN" },
  ];
  return (
    <FormButton
      name={product ? `product-${product.id}` : "product"}
      label={product ? t("make.edit") : t("make.product")}
      primary={!product}
      touched={["products", "names"]}
      fields={fields}
      first={values(product, brand)}
      version={product?.version}
      fresh={
        product &&
        (async () => {
          const query = { brand_id: product.brand_id, size: 200 };
          const { items } = await got(api.GET("/console/v1/products", { params: { query } }));
          const now = items.find((one) => one.id === product.id) ?? product;
          return { values: values(now), version: now.version };
        })
      }
      send={(sent, { version }) => {
        const body = sent as Of<"ProductIn">;
        return product
          ? got(
              api.PATCH("/console/v1/products/{product_id}", {
                params: { path },
                body: { ...body, version },
              }),
            )
          : got(api.POST("/console/v1/products", { body }));
      }}
    />
  );
}
