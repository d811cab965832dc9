import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useCart } from "@/parts/cart";
import {
  App,
  AskButton,
  Button,
  type Column,
  DataTable,
  Descriptions,
  Money,
  Part,
  Screen,
  Small,
  useAct,
} from "@/ui";

type Good = Of<"MyGoodOut">;

/** What may be bought: at one's own cost, beside what it is worth and how it fares. */
export default function Market() {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  const me = useMe();
  const may = useMay();
  const cart = useCart();
  const { message } = App.useApp();
  const add = (goods: Good[]): void => {
    cart.put(goods);
    message.success(t("own.market.added", { count: goods.length }));
  };
  const columns: Column<Good>[] = [
    { id: "name", title: t("f.name"), cell: (g) => said(g.name), value: (g) => g.code },
    { id: "code", title: t("f.code"), cell: (g) => <code>{g.code}</code>, hidden: true },
    { id: "brand", title: t("f.brand"), cell: (g) => said(g.brand) },
    { id: "kind", title: t("f.kind"), cell: (g) => word("kind", g.kind) },
    {
      id: "cost",
      title: t("own.f.cost"),
      cell: (g) => <Money value={g.unit_price} unit />,
      end: true,
    },
    { id: "suggested", title: t("own.f.suggested"), cell: (g) => <Money value={g.suggested} />, end: true },
    { id: "profit", title: t("own.f.profit"), cell: (g) => <Money value={g.profit} unit />, end: true },
    { id: "stock", title: t("own.f.stock"), cell: (g) => <Stock good={g} />, end: true },
    { id: "fares", title: t("own.f.fares"), cell: (g) => fares(g), end: true },
  ];
  return (
    <Screen
      title={t("nav.market")}
      text={t("own.market.text")}
      actions={
        <>
          {may("own.webhooks.write") && <Subscribe />}
          {cart.lines.length > 0 && (
            <Link to="/c/$org/buy" params={{ org: me.mall.slug }} search={{}} data-testid="to-cart">
              {t("own.market.cart", { count: cart.lines.length })}
            </Link>
          )}
        </>
      }
    >
      <DataTable<Good>
        id="own-goods"
        label={t("nav.market")}
        rowKey={(g) => g.sku_id}
        columns={columns}
        find={t("own.market.find")}
        load={({ q, cursor }) =>
          got(api.GET("/console/v1/own/goods", { params: { query: { q, cursor, size: 50 } } }))
        }
        withChosen={(rows, clear) => (
          <Button
            type="primary"
            data-testid="add-chosen"
            onClick={() => {
              add(rows.filter((g) => g.fields.length === 0));
              clear();
            }}
          >
            {t("own.market.add")}
          </Button>
        )}
        detail={(_, good) => good && <Detail good={good} add={add} />}
        detailTitle={(good, id) => (good ? said(good.name) : id)}
        empty={{ title: t("own.market.empty"), text: t("own.market.empty_text") }}
      />
    </Screen>
  );
}

function fares(good: Good): string {
  return good.ended ? `${Math.floor((good.delivered * 1000) / good.ended) / 10}% (${good.ended})` : "–";
}

function Stock({ good }: { good: Good }) {
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

function Detail({ good, add }: { good: Good; add: (goods: Good[]) => void }) {
  const { t } = useTranslation();
  const said = useSaid();
  const me = useMe();
  const product = good;
  return (
    <>
      <div className="acts">
        {product.fields.length === 0 ? (
          <Button type="primary" data-testid="add" onClick={() => add([good])}>
            {t("own.market.add")}
          </Button>
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
          [t("own.f.cost"), <Money key="c" value={product.unit_price} unit />],
          [t("own.f.suggested"), <Money key="s" value={good.suggested} />],
          [t("own.f.profit"), <Money key="p" value={good.profit} unit />],
          [t("own.f.stock"), <Stock key="k" good={good} />],
          [t("own.f.fares"), fares(good)],
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

/** Be told by webhook when a price moves, or goods come and go. */
function Subscribe() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["own-subscriptions"],
    queryFn: () => got(api.GET("/console/v1/own/price-subscriptions", { params: { query: {} } })),
  });
  const known = data?.items[0];
  const begin = useAct(
    () =>
      got(
        api.PUT("/console/v1/own/price-subscriptions", {
          body: { name: "default", threshold_bp: 0, availability: true },
        }),
      ),
    "own-subscriptions",
  );
  const end = useAct(
    (id: string) =>
      got(
        api.DELETE("/console/v1/own/price-subscriptions/{subscription_id}", {
          params: { path: { subscription_id: id } },
        }),
      ),
    "own-subscriptions",
  );
  return known ? (
    <AskButton
      label={t("own.market.unsubscribe")}
      effect={t("own.market.unsubscribe_text")}
      run={() => end.mutateAsync(known.id)}
    />
  ) : (
    <AskButton
      label={t("own.market.subscribe")}
      effect={t("own.market.subscribe_text")}
      testid="subscribe"
      run={() => begin.mutateAsync(undefined)}
    />
  );
}
