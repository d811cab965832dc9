import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useSkuName, useSupplierName } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Genuine } from "@/parts/Genuine";
import {
  AskButton,
  Bones,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  Part,
  Pending,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { SkuForm } from "./goods/SkuForm";
import { SkuReady } from "./goods/SkuReady";
import { PriceHistory } from "./prices/PriceHistory";
import { WhyPrice } from "./prices/WhyPrice";
import { SupplyOf } from "./supply/SupplyOf";

export function SkuDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const may = useMay();
  const skuName = useSkuName();
  const path = { sku_id: id };
  const {
    data: sku,
    error,
    refetch,
  } = useQuery({
    queryKey: ["skus", id],
    queryFn: () => got(api.GET("/console/v1/skus/{sku_id}", { params: { path } })),
  });
  const list = useAct(
    () =>
      got(
        api.POST("/console/v1/skus/{sku_id}/list", {
          params: { path },
          body: { version: sku?.version ?? 0 },
        }),
      ),
    "skus",
  );
  const delist = useAct(
    () => got(api.POST("/console/v1/skus/{sku_id}/delist", { params: { path } })),
    "skus",
  );
  if (error && !sku) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!sku) return <Bones />;
  const publish = (
    <AskButton
      label={t("goods.list")}
      effect={t("goods.list_text")}
      primary
      testid="list"
      run={() => list.mutateAsync(undefined)}
    />
  );
  return (
    <>
      {may("catalog.write") && (
        <div className="acts gap">
          {sku.status === "listed" ? (
            <ReasonForm
              label={t("goods.delist")}
              effect={t("goods.delist_text")}
              danger
              reason={undefined}
              testid="delist"
              run={() => delist.mutateAsync(undefined)}
            />
          ) : (
            publish
          )}
          <SkuForm sku={sku} />
        </div>
      )}
      <SkuReady sku={sku} />
      {may("stock.read") && sku.kind !== "bundle" && <Sources id={id} />}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="sku" code={sku.status} />],
          [t("f.code"), <CopyCode key="c" text={sku.code} />],
          [t("f.kind"), word("kind", sku.kind)],
          [t("f.face_value"), <Money key="f" value={sku.face_value} />],
          [t("f.validity"), sku.validity_days ? t("days", { count: sku.validity_days }) : "–"],
          [t("f.instrument"), word("instrument", sku.instrument_class)],
          [t("f.issuer"), sku.issuer],
          [t("f.tax"), word("tax", sku.tax_category)],
          [t("f.most"), sku.max_quantity.toLocaleString()],
          [t("f.low_stock"), sku.low_stock?.toLocaleString()],
          [t("f.release_at"), <Time key="r" at={sku.release_at} />],
          [t("f.version"), sku.version],
        ]}
      />
      {sku.fields.length > 0 && (
        <Part title={t("goods.fields")}>
          <Small
            rows={sku.fields}
            keyOf={(one) => one.name}
            none=""
            columns={[
              [t("f.name"), (one) => said({ zh: one.label_zh, en: one.label_en })],
              [t("f.code"), (one) => <code>{one.name}</code>],
              [t("f.kind"), (one) => word("field", one.type)],
              [t("f.required"), (one) => (one.required === false ? t("no") : t("yes"))],
            ]}
          />
        </Part>
      )}
      {sku.components.length > 0 && (
        <Part title={t("goods.components")}>
          <Small
            rows={sku.components}
            keyOf={(one) => one.sku_id}
            none=""
            columns={[
              [t("f.sku"), (one) => skuName(one.sku_id)],
              [t("f.quantity"), (one) => one.quantity, "end"],
            ]}
          />
        </Part>
      )}
      {may("stock.read") && <Stock id={id} />}
      {may("supply.read") && sku.kind !== "bundle" && <SupplyOf id={id} />}
      {may("pricing.read") && (
        <>
          <WhyPrice id={id} />
          <PriceHistory id={id} />
        </>
      )}
    </>
  );
}

function Stock({ id }: { id: string }) {
  const { t } = useTranslation();
  const supplier = useSupplierName();
  const stock = useQuery({
    queryKey: ["stock", id],
    queryFn: () => got(api.GET("/console/v1/skus/{sku_id}/stock", { params: { path: { sku_id: id } } })),
  });
  const { data } = stock;
  if (!data) return <Pending of={stock} />;
  const count = (n: number | string) => (typeof n === "number" ? n.toLocaleString() : t("unlimited"));
  return (
    <Part title={t("goods.stock")}>
      <Descriptions
        pairs={[
          [t("f.available"), count(data.available)],
          [t("f.sold"), count(data.sold)],
          [t("f.frozen"), count(data.frozen)],
          [t("f.expired"), count(data.expired)],
        ]}
      />
      <Small
        rows={data.batches}
        keyOf={(one) => one.id}
        none={t("goods.no_batches")}
        columns={[
          [t("f.batch"), (one) => <CopyCode text={one.id} short />],
          [t("f.supplier"), (one) => supplier(one.supplier_id)],
          [t("f.unit_cost"), (one) => <Money value={one.unit_cost} unit />, "end"],
          [t("f.available"), (one) => count(one.available), "end"],
          [t("f.expires_at"), (one) => <Time at={one.expires_at} day last />],
        ]}
      />
    </Part>
  );
}

/** Whether it may carry the badge, and whose goods that rests on. */
function Sources({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const supplier = useSupplierName();
  const read = useQuery({
    queryKey: ["stock", id, "sources"],
    queryFn: () => got(api.GET("/console/v1/skus/{sku_id}/sources", { params: { path: { sku_id: id } } })),
  });
  const { data } = read;
  if (!data) return <Pending of={read} rows={1} />;
  return (
    <p className="gap" data-testid="sources" data-genuine={data.genuine}>
      <Genuine is={data.genuine} told />
      {data.sources.length > 0 && (
        <small className="muted">
          {" "}
          {data.sources
            .map((one) =>
              one.supplier_id
                ? `${supplier(one.supplier_id)} · ${word("grade", one.grade ?? "X")}`
                : t("genuine.unknown"),
            )
            .join(" / ")}
        </small>
      )}
    </p>
  );
}
