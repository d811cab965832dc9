import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName, useSkus } from "@/api/names";
import { type Field, FormButton, type Values } from "@/ui/form";

interface Props {
  connection: Of<"ConnectionOut">;
  /** As the supplier lists it; of people, one tells it oneself. */
  good?: Of<"GoodOut">;
  people?: boolean;
}

const TOPUPS = ["topup", "membership"];

/** Lets a SKU be bought as a supplier's article. */
export function AttachForm({ connection, good, people }: Props) {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const fits = [...useSkus().values()].filter(
    (sku) =>
      sku.status !== "deleted" &&
      !["bundle", "shared_code"].includes(sku.kind) &&
      (!good || TOPUPS.includes(sku.kind) === (good.kind === "topup")),
  );
  // The same number or the same name as his is most likely the same thing.
  const like = fits.find(
    (sku) => good && (sku.code === good.id || sku.name_zh === good.name || sku.name_en === good.name),
  );
  const topup = (v: Values): boolean => TOPUPS.includes(fits.find((sku) => sku.id === v.sku_id)?.kind ?? "");
  const fields: Field[] = [
    {
      kind: "choice",
      name: "sku_id",
      label: t("f.sku"),
      must: true,
      hint: like ? t("attach.like") : undefined,
      choices: fits.map((sku) => ({ value: sku.id, label: `${sku.code} ${skuName(sku.id)}` })),
    },
    ...(people
      ? ([
          { kind: "text", name: "good_id", label: t("f.article"), must: true, most: 120 },
          {
            kind: "money",
            name: "unit_cost",
            label: t("f.unit_cost"),
            must: true,
            currency: connection.currency,
            half: true,
          },
          {
            kind: "whole",
            name: "stock",
            label: t("f.stock"),
            must: true,
            least: 0,
            most: 1_000_000,
            half: true,
          },
        ] as Field[])
      : []),
    {
      kind: "whole",
      name: "weight",
      label: t("supply.weight"),
      hint: t("supply.weight_hint"),
      least: 0,
      most: 10_000,
      half: true,
    },
    {
      kind: "whole",
      name: "warranty_hours",
      label: t("attach.warranty"),
      least: 0,
      most: 87_600,
      half: true,
    },
    {
      kind: "percent",
      slide: true,
      name: "canary_bp",
      label: t("supply.canary_share"),
      hint: t("supply.canary_hint"),
    },
    {
      kind: "rows",
      name: "map",
      label: t("attach.map"),
      hint: t("attach.map_hint"),
      add: t("attach.add_map"),
      blank: { ours: "", theirs: "" },
      also: ["field_map"],
      when: topup,
      of: [
        { kind: "text", name: "ours", label: t("attach.ours"), must: true, code: true, half: true },
        { kind: "text", name: "theirs", label: t("attach.theirs"), must: true, code: true, half: true },
      ],
    },
  ];
  return (
    <FormButton
      name={`attach-${connection.id}-${good?.id ?? ""}`}
      label={t("attach.do")}
      title={good ? t("attach.title", { name: good.name }) : t("attach.do")}
      touched={["connections", "offers"]}
      fields={fields}
      first={{
        sku_id: like?.id ?? "",
        good_id: "",
        unit_cost: "",
        stock: null,
        weight: 100,
        warranty_hours: 0,
        canary_bp: 0,
        map: [],
      }}
      codes={{ kind_mismatch: "sku_id" }}
      send={(sent) => {
        const { map, ...rest } = sent as Values & { map?: { ours: string; theirs: string }[] };
        const field_map = Object.fromEntries((map ?? []).map((one) => [one.ours, one.theirs]));
        const body = { good_id: good?.id, ...rest, connection_id: connection.id, field_map };
        return got(api.POST("/console/v1/offers", { body: body as unknown as Of<"OfferIn"> }));
      }}
    />
  );
}
