import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Money as Amount, Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { moneyText } from "@/ui/Money";
import { Time } from "@/ui/Time";

type Notice = Of<"NoticeOut">;

/** Where something is done about it. */
function placeOf(one: Notice, staff: boolean): { to: string; search: Record<string, string> } | undefined {
  const id = (name: string): string => String(one.about[name] ?? "");
  switch (one.kind) {
    case "stock.low":
      return { to: "vault", search: { tab: "low" } };
    case "sku.delisted":
      return { to: "goods", search: { open: id("sku_id") } };
    case "supplier.paused":
    case "supplier.resumed":
    case "supplier.balance_low":
      return { to: "connections", search: { open: id("connection_id") } };
    case "supplier.statement_missing":
      return { to: "reconcile", search: { tab: "statements", connection_id: id("connection_id") } };
    case "supplier.paper_expiring":
    case "supplier.lapsed":
    case "supplier.quarantined":
      return { to: "suppliers", search: { open: id("supplier_id") } };
    case "reveals.locked":
      return { to: "reveals", search: {} };
    case "balance.low":
      return staff ? { to: "customers", search: { open: id("buyer_id") } } : { to: "funds", search: {} };
    case "supplier.requested":
      return { to: "asked", search: { open: id("purchase_id") } };
    case "endpoint.paused":
    case "endpoint.resumed":
    case "endpoint.disabled":
      return { to: "dev", search: { tab: "hooks", open: id("endpoint_id") } };
    case "statement.ready":
      return { to: "funds", search: {} };
    case "order.fix_requested":
    case "order.recalled":
      return { to: "my-orders", search: { open: id("order_id") } };
    default:
      return undefined;
  }
}

/** What it says beside its kind and subject. */
export function useDetail(): (one: Notice) => string {
  const { t } = useTranslation();
  const word = useWord();
  const told = (value: unknown): string =>
    typeof value === "object" && value ? moneyText(value as Amount) : String(value);
  return ({ about }) => {
    const left = about.available ?? about.balance;
    if (left !== undefined) return t("notices.left", { left: told(left), line: told(about.threshold) });
    if (about.days !== undefined) return t("notices.days", { count: Number(about.days) });
    if (about.quantity !== undefined) return `× ${about.quantity}`;
    if (about.client_order_no) return String(about.client_order_no);
    if (about.reason) return word("cause", String(about.reason));
    return about.day ? String(about.day) : "";
  };
}

/** What it is about, and the way to it. */
export function NoticeSubject({ one, close }: { one: Notice; close?: () => void }) {
  const { t } = useTranslation();
  const said = useSaid();
  const me = useMe();
  const place = placeOf(one, me.organisation.kind === "mall");
  const text = said({ zh: one.subject_zh, en: one.subject_en }) || t("notices.open");
  if (!place) return text;
  return (
    <Link
      to={`/c/$org/${place.to}` as "/c/$org/work"}
      params={{ org: me.mall.slug }}
      search={place.search as Record<string, string>}
      onClick={close}
    >
      {text}
    </Link>
  );
}

export function NoticeRows({ found, close }: { found: Notice[]; close: () => void }) {
  const word = useWord();
  const detail = useDetail();
  return found.map((one) => (
    <article key={one.id} className="part job" data-testid="bell-notice">
      <header>
        <h2>{word("event", one.kind)}</h2>
      </header>
      <p>
        <NoticeSubject one={one} close={close} />
      </p>
      <p className="muted">
        {detail(one)} <Time at={one.at} near />
      </p>
    </article>
  ));
}
