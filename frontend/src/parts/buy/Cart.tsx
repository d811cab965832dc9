import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { type InCart, useCart } from "@/parts/cart";
import { newKey, useDraft } from "@/parts/draft";
import { usePrices } from "@/parts/market/prices";
import {
  AskButton,
  CopyCode,
  EmptyState,
  FaultNote,
  Money,
  Part,
  Small,
  StatusTag,
  useAct,
  Whole,
} from "@/ui";

/** Money as text, times a whole number: in ten-thousandths, never as a float. */
function times(one: InCart): bigint {
  const [whole = "0", part = ""] = one.unit_price.amount.split(".");
  return BigInt(whole + part.padEnd(4, "0").slice(0, 4)) * BigInt(one.quantity);
}

function sum(lines: InCart[]): Of<"Money"> | undefined {
  const first = lines[0];
  if (!first) return undefined;
  const all = lines
    .reduce((total, one) => total + times(one), 0n)
    .toString()
    .padStart(5, "0");
  return { amount: `${all.slice(0, -4)}.${all.slice(-4)}`, currency: first.unit_price.currency };
}

type Col = [string, (one: InCart) => ReactNode, "end"];

/** Goods chosen in the market: counted, quoted, bought with one press. */
export function Cart() {
  const { t } = useTranslation();
  const said = useSaid();
  const me = useMe();
  const cart = useCart();
  const prices = usePrices();
  const [number, keepNumber, clearNumber] = useDraft("cart-key", newKey());
  const [placed, setPlaced] = useState<Of<"OrderOut">>();
  const [fault, setFault] = useState<unknown>();
  const order = useAct(
    (quote: string) =>
      got(
        api.POST("/console/v1/own/orders", {
          body: {
            client_order_no: number,
            quote_id: quote,
            lines: cart.lines.map(({ sku_id, quantity }) => ({ sku_id, quantity })),
          },
        }),
      ),
    "own",
  );
  const buy = async (): Promise<void> => {
    keepNumber(number); // the same until it was answered: a second try is the same order
    setFault(undefined);
    try {
      const lines = cart.lines.map(({ sku_id, quantity }) => ({ sku_id, quantity }));
      const quote = await got(api.POST("/console/v1/own/quotes", { body: { lines, ttl_s: 120 } }));
      setPlaced(await order.mutateAsync(quote.id));
      cart.clear();
      clearNumber();
      keepNumber(newKey());
    } catch (error) {
      setFault(error);
      throw error;
    }
  };
  if (placed && !cart.lines.length) return <Placed order={placed} />;
  if (!cart.lines.length)
    return (
      <EmptyState
        title={t("own.buy.empty")}
        text={t("own.buy.empty_text")}
        action={
          <Link to="/c/$org/market" params={{ org: me.mall.slug }} search={{}}>
            {t("own.buy.to_market")}
          </Link>
        }
      />
    );
  const total = sum(cart.lines);
  return (
    <Part title={t("own.buy.cart")}>
      <Small
        rows={cart.lines}
        keyOf={(one) => one.sku_id}
        none=""
        columns={[
          [t("f.name"), (one) => said(one)],
          ...prices.map((price): Col => [price.title, price.cell, "end"]),
          [
            t("f.quantity"),
            (one) => (
              <Whole
                aria-label={t("own.buy.pieces_of", { name: said(one) })}
                min={0}
                max={one.most}
                value={one.quantity}
                change={(n) => cart.count(one.sku_id, n ?? 0)}
              />
            ),
            "end",
          ],
        ]}
      />
      <FaultNote error={fault} />
      <p className="acts">
        <span>
          {t("own.buy.about")} <Money value={total} />
        </span>
        <AskButton
          primary
          label={t("own.buy.pay")}
          effect={t("own.buy.pay_text", { number })}
          testid="pay"
          run={buy}
        />
      </p>
    </Part>
  );
}

function Placed({ order }: { order: Of<"OrderOut"> }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Part title={t("own.buy.placed")}>
      <p className="acts">
        <StatusTag kind="order" code={order.status} />
        <Money value={order.total} />
        <CopyCode text={order.order_no} />
        <Link
          to="/c/$org/my-orders"
          params={{ org: me.mall.slug }}
          search={{ open: order.id }}
          data-testid="see-order"
        >
          {t("own.buy.see")}
        </Link>
      </p>
    </Part>
  );
}
