import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { IconGood, IconWait, Part, Pending } from "@/ui";

type Sku = Of<"SkuOut">;
const NEEDED = ["instrument_class", "tax_category", "issuer", "redeem_scope", "registered"] as const;

/** What a listing asks for and is not there yet; a bundle is judged by its parts. */
export function lacking(sku: Sku): string[] {
  if (sku.kind === "bundle") return sku.components.length ? [] : ["components"];
  const found: string[] = NEEDED.filter((name) => sku[name] === null || sku[name] === "");
  if (sku.instrument_class?.startsWith("stored_value") && !sku.face_value) found.push("face_value");
  if (sku.instrument_class === "stored_value_multi" && !sku.issuer_licence_no)
    found.push("issuer_licence_no");
  if (sku.kind === "topup" && !sku.fields.some((field) => field.target)) found.push("fields");
  return found;
}

/** From new goods to goods on sale, step by step; gone when all is done. */
export function SkuReady({ sku }: { sku: Sku }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const org = useMe().mall.slug;
  const at = { params: { path: { sku_id: sku.id } } };
  const stocks = useQuery({
    queryKey: ["stock", sku.id],
    enabled: may("stock.read"),
    queryFn: () => got(api.GET("/console/v1/skus/{sku_id}/stock", at)),
  });
  const offered = useQuery({
    queryKey: ["offers", sku.id],
    enabled: may("supply.read"),
    queryFn: () => got(api.GET("/console/v1/offers", { params: { query: { sku_id: sku.id, size: 50 } } })),
  });
  const priced = useQuery({
    queryKey: ["prices", "history", sku.id],
    enabled: may("pricing.read"),
    queryFn: () =>
      got(
        api.GET("/console/v1/skus/{sku_id}/prices", {
          params: { path: { sku_id: sku.id }, query: { size: 20 } },
        }),
      ),
  });
  const [stock, offers, prices] = [stocks.data, offered.data, priced.data];
  const unread = [stocks, offered, priced].find((one) => one.error && !one.data);
  const missing = lacking(sku);
  const stocked = stock && (stock.available === "unlimited" || stock.available > 0);
  const bought = offers?.items.some((offer) => offer.state === "on");
  const byHand = sku.kind === "topup" || sku.kind === "membership";
  const parts = sku.kind === "bundle" && sku.components.length > 0;
  const steps: { id: string; ok: boolean; title: string; text: string; act?: ReactNode }[] = [
    {
      id: "whole",
      ok: missing.length === 0,
      title: t("ready.whole"),
      text: missing.length
        ? t("ready.missing", { what: missing.map((name) => word("skufield", name)).join(t("ready.comma")) })
        : t("ready.whole_text"),
    },
    {
      id: "source",
      ok: !!stocked || !!bought || byHand || parts,
      title: t("ready.source"),
      text: parts
        ? t("ready.source_parts")
        : byHand && !bought
          ? t("ready.source_hand")
          : t("ready.source_text"),
      act: !parts && (
        <span className="acts">
          {!byHand && (
            <Link to="/c/$org/vault" params={{ org }} search={{ sku_id: sku.id }}>
              {t("ready.to_vault")}
            </Link>
          )}
          <Link to="/c/$org/connections" params={{ org }} search={{}}>
            {t("ready.to_connections")}
          </Link>
        </span>
      ),
    },
    {
      id: "price",
      ok: !!prices?.items.length,
      title: t("ready.price"),
      text: t("ready.price_text"),
    },
    { id: "listed", ok: sku.status === "listed", title: t("ready.listed"), text: t("ready.listed_text") },
  ];
  const done = steps.filter((step) => step.ok).length;
  if (done === steps.length) return null;
  if (unread) return <Pending of={unread} />;
  return (
    <Part title={t("ready.title", { done, all: steps.length })}>
      <ol className="ready" data-testid="ready">
        {steps.map((step) => (
          <li key={step.id} data-step={step.id} data-ok={step.ok}>
            {step.ok ? (
              <IconGood aria-label={t("ready.is_done")} />
            ) : (
              <IconWait aria-label={t("ready.is_open")} />
            )}
            <div>
              <strong>{step.title}</strong>
              <p className="muted">{step.text}</p>
              {!step.ok && step.act}
            </div>
          </li>
        ))}
      </ol>
    </Part>
  );
}
