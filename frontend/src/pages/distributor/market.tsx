import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { useCart } from "@/parts/cart";
import { Genuine } from "@/parts/Genuine";
import { fares, GoodDetail, Stock } from "@/parts/market/GoodDetail";
import { usePriceColumns } from "@/parts/market/prices";
import { Subscribe } from "@/parts/market/Subscribe";
import { App, Button, type Column, DataTable, Screen } from "@/ui";

type Good = Of<"MyGoodOut">;

/** What may be bought: at one's own cost, beside what it is worth and how it fares. */
export default function Market() {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  const me = useMe();
  const may = useMay();
  const cart = useCart();
  const prices = usePriceColumns<Good>();
  const { message } = App.useApp();
  const add = (goods: Good[]): void => {
    cart.put(goods);
    message.success(t("own.market.added", { count: goods.length }));
  };
  const columns: Column<Good>[] = [
    {
      id: "name",
      title: t("f.name"),
      cell: (g) => (
        <>
          {said(g.name)} <Genuine is={g.genuine} />
        </>
      ),
      value: (g) => g.code,
    },
    { id: "code", title: t("f.code"), cell: (g) => <code>{g.code}</code>, hidden: true },
    ...prices,
    { id: "brand", title: t("f.brand"), cell: (g) => said(g.brand) },
    { id: "kind", title: t("f.kind"), cell: (g) => word("kind", g.kind) },
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
            <Link
              to="/c/$org/buy"
              params={{ org: me.mall.slug }}
              search={{ tab: "cart" }}
              data-testid="to-cart"
            >
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
              const whole = rows.filter((g) => g.fields.length === 0);
              if (whole.length) add(whole);
              if (whole.length < rows.length)
                message.warning(t("own.market.by_account", { count: rows.length - whole.length }), 6);
              clear();
            }}
          >
            {t("own.market.add")}
          </Button>
        )}
        detail={(_, good) => good && <GoodDetail good={good} add={add} />}
        detailTitle={(good, id) => (good ? said(good.name) : id)}
        empty={{ title: t("own.market.empty"), text: t("own.market.empty_text") }}
      />
    </Screen>
  );
}
