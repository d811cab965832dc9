import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useListState } from "@/ui";
import { FormButton } from "@/ui/form";
import { skuBody, skuValues, useSkuFields } from "./skuFields";

interface Props {
  sku?: Of<"SkuOut">;
  product?: string;
  primary?: boolean;
  /** A supplier's article that the new SKU is to be bought as. */
  like?: { id: string; name: string; kind: string };
}

/** A new SKU, or another version of one. A new one opens when it is made. */
export function SkuForm({ sku, product, primary, like }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [, set] = useListState();
  const fields = useSkuFields(sku !== undefined && sku.status !== "draft");
  if (!may("catalog.write")) return null;
  const path = { sku_id: sku?.id ?? "" };
  const first = skuValues(sku, product);
  const named = like && {
    code: like.id,
    name_zh: like.name,
    name_en: like.name,
    kind: like.kind === "topup" ? "topup" : "code",
  };
  return (
    <FormButton<Of<"SkuOut">>
      name={sku ? `sku-${sku.id}` : like ? `sku-like-${like.id}` : "sku"}
      label={sku ? t("make.edit") : like ? t("make.sku_like") : t("make.sku")}
      primary={primary}
      wide
      touched={["skus", "names"]}
      fields={fields}
      first={{ ...first, ...named }}
      version={sku?.version}
      codes={{ sku_code_taken: "code", kind_is_fixed: "kind", bundle_is_nested: "components" }}
      fresh={
        sku &&
        (async () => {
          const now = await got(api.GET("/console/v1/skus/{sku_id}", { params: { path } }));
          return { values: skuValues(now), version: now.version };
        })
      }
      send={(sent, { version }) => {
        const body = skuBody(sent) as unknown as Of<"SkuIn">;
        return sku
          ? got(api.PATCH("/console/v1/skus/{sku_id}", { params: { path }, body: { ...body, version } }))
          : got(api.POST("/console/v1/skus", { body }));
      }}
      done={(made) => !sku && !like && set({ tab: undefined, form: undefined, open: made.id })}
    />
  );
}
