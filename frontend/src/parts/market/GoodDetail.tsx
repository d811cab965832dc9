import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { Genuine } from "@/parts/Genuine";
import { usePrices } from "@/parts/market/prices";
import { Button, Descriptions, Money, Part, Small } from "@/ui";

type Good = Of<"MyGoodOut">;

export function fares(good: Good): string {
  return good.ended ? `${Math.floor((good.delivered * 1000) / good.ended) / 10}% (${good.ended})` : "–";
}

export function Stock({ good }: { good: Good }) {
  const { t } = useTranslation();
  const { unlimited, available, low } = good;
  if (unlimited) return <>{t("unlimited")}</>;
  return (
    <span className={available === 0 || low ? "tag warn" : undefined}>
      {available.toLocaleString()}
      {available >= 100 ? "+" : ""}
    </span>
  );
}

export function GoodDetail({ good, add }: { good: Good; add: (goods: Good[]) => void }) {
  const { t } = useTranslation();
  const said = useSaid();
  const me = useMe();
  const prices = usePrices();
  const navigate = useNavigate();
  const product = good;
  return (
    <>
      <div className="acts">
        {product.fields.length === 0 ? (
          <>
            <Button data-testid="add" onClick={() => add([good])}>
              {t("own.market.add")}
            </Button>
            <Button
              type="primary"
              data-testid="buy-now"
              onClick={() => {
                add([good]);
                void navigate({ to: "/c/$org/buy", params: { org: me.mall.slug }, search: { tab: "cart" } });
              }}
            >
              {t("own.market.buy")}
            </Button>
          </>
        ) : (
          <Link
            to="/c/$org/buy"
            params={{ org: me.mall.slug }}
            search={{ tab: "paste", sku: product.sku_id }}
            data-testid="paste-it"
          >
            {t("own.market.paste")}
          </Link>
        )}
      </div>
      <Descriptions
        pairs={[
          ...prices.map((price): [string, ReactNode] => [price.title, price.cell(good)]),
          [t("own.f.stock"), <Stock key="k" good={good} />],
          [t("own.f.fares"), fares(good)],
          [t("genuine.title"), <Genuine key="g" is={good.genuine} told />],
          [t("own.f.most"), product.max_quantity.toLocaleString()],
        ]}
      />
      <Part title={t("own.market.ladder")}>
        <Small
          rows={product.prices}
          keyOf={(rung) => String(rung.minimum)}
          none=""
          columns={[
            [t("own.f.from"), (rung) => rung.minimum.toLocaleString(), "end"],
            [t("own.f.cost"), (rung) => <Money value={rung.unit_price} unit />, "end"],
          ]}
        />
      </Part>
      {said(product.guide) && (
        <Part title={t("own.market.guide")}>
          <p className="wrap">{said(product.guide)}</p>
        </Part>
      )}
    </>
  );
}
