import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { both, FormButton } from "@/ui/form";

type Brand = Of<"BrandOut">;
const TOUCHED = ["brands", "names", "goods"];
const values = (brand?: Brand) => ({ name_zh: brand?.name_zh ?? "", name_en: brand?.name_en ?? "" });

export function BrandForm({ brand }: { brand?: Brand }) {
  const { t } = useTranslation();
  const may = useMay();
  if (!may("catalog.write")) return null;
  const path = { brand_id: brand?.id ?? "" };
  return (
    <FormButton
      name={brand ? `brand-${brand.id}` : "brand"}
      label={brand ? t("make.edit") : t("make.brand")}
      primary={!brand}
      touched={TOUCHED}
      fields={both("name", { zh: t("f.name_zh"), en: t("f.name_en") }, { must: true, most: 120 })}
      first={values(brand)}
      version={brand?.version}
      codes={{ brand_name_taken: "name_zh" }}
      fresh={
        brand &&
        (async () => {
          const { items } = await got(api.GET("/console/v1/brands", { params: { query: { size: 200 } } }));
          const now = items.find((one) => one.id === brand.id) ?? brand;
          return { values: values(now), version: now.version };
        })
      }
      send={(sent, { version }) => {
        const body = sent as Of<"BrandIn">;
        return brand
          ? got(api.PATCH("/console/v1/brands/{brand_id}", { params: { path }, body: { ...body, version } }))
          : got(api.POST("/console/v1/brands", { body }));
      }}
    />
  );
}
