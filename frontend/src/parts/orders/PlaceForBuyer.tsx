import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Fault } from "@/api/errors";
import { useSku } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { Descriptions, FaultNote, IconAdd, Money, Time } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";

const BINDS_S = 600;
const CODES = {
  out_of_stock: "quantity",
  quantity_over_limit: "quantity",
  quote_exceeded: "quantity",
  sku_unknown: "sku_id",
  sku_not_listed: "sku_id",
  not_priced: "sku_id",
  buyer_not_active: "buyer_id",
  insufficient_balance: "buyer_id",
};

/** An order by hand for a buyer, at his price and with his money. It is quoted first, and costs what was shown. */
export function PlaceForBuyer({ placed }: { placed: (id: string) => void }) {
  const { t } = useTranslation();
  const said = useSaid();
  const may = useMay();
  const [chosen, setChosen] = useState("");
  const sku = useSku(chosen || undefined);
  const quoted = useRef<Of<"QuoteOut">>(undefined);
  if (!may("orders.place")) return null;
  const fields: Field[] = [
    {
      kind: "pick",
      of: "buyer",
      where: { status: "active" },
      name: "buyer_id",
      label: t("f.buyer"),
      must: true,
      nothing: t("byhand.choose"),
    },
    {
      kind: "pick",
      of: "sku",
      where: { status: "listed" },
      name: "sku_id",
      label: t("f.sku"),
      must: true,
      nothing: t("byhand.choose"),
    },
    { kind: "whole", name: "quantity", label: t("f.quantity"), must: true, least: 1, half: true },
    ...(sku?.fields ?? []).map(
      (spec): Field => ({
        ...(spec.choices?.length
          ? { kind: "choice", choices: spec.choices.map((value) => ({ value, label: value })) }
          : { kind: "text", most: spec.max_length }),
        name: nameOf(chosen, spec.name),
        label: said({ zh: spec.label_zh, en: spec.label_en }),
        must: true,
        when: (values) => values.sku_id === chosen,
      }),
    ),
  ];
  const send = async (sent: Values, key: string): Promise<Of<"OrderOut">> => {
    const own = Object.fromEntries(
      (sku?.fields ?? []).map((spec) => [spec.name, String(sent[nameOf(sku?.id ?? "", spec.name)] ?? "")]),
    );
    const line = {
      sku_id: String(sent.sku_id),
      quantity: Number(sent.quantity),
      ...(sku?.fields.length ? { fields: own } : {}),
    };
    try {
      return await got(
        api.POST("/console/v1/buyers/{buyer_id}/orders", {
          params: { path: { buyer_id: String(sent.buyer_id) } },
          body: { client_order_no: `hand-${key}`, lines: [line], quote_id: quoted.current?.id ?? null },
        }),
      );
    } catch (fault) {
      throw fault instanceof Fault ? here(fault, String(sent.sku_id)) : fault;
    }
  };
  return (
    <FormButton
      name="order"
      label={t("byhand.label")}
      icon={<IconAdd aria-hidden />}
      submit={t("byhand.place")}
      intro={<p className="muted">{t("byhand.text")}</p>}
      private
      touched={["orders"]}
      fields={fields}
      first={{ buyer_id: "", sku_id: "", quantity: 1 }}
      codes={CODES}
      send={(sent, { key }) => send(sent, key)}
      done={(order) => placed(order.id)}
    >
      {(values) => (
        <Quote
          buyer={String(values.buyer_id)}
          sku={String(values.sku_id)}
          quantity={Number(values.quantity)}
          choose={setChosen}
          told={(quote) => {
            quoted.current = quote;
          }}
        />
      )}
    </FormButton>
  );
}

const nameOf = (sku: string, field: string): string => `fields-${sku}-${field}`;

/** What the server says of the line, at the field where it was written. */
function here(fault: Fault, sku: string): Fault {
  const { problem } = fault;
  const at = (path: string): string =>
    path
      .replace(/^\$\.?/, "")
      .replace(/^lines\[0\]\.fields\.(.+)$/, (_, name: string) => nameOf(sku, name))
      .replace(/^lines\[0\]\./, "");
  const told = problem?.fields?.map((one) => ({ ...one, path: at(one.path) }));
  return problem ? new Fault(fault.status, { ...problem, fields: told }, fault.requestId) : fault;
}

interface Asked {
  buyer: string;
  sku: string;
  quantity: number;
}

/** What it comes to, held for ten minutes; asked for when nobody types any more. */
function Quote({
  told,
  choose,
  ...now
}: Asked & { told: (quote: Of<"QuoteOut"> | undefined) => void; choose: (sku: string) => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>(now);
  const { buyer, sku, quantity } = now;
  // What the form asks for hangs on the SKU.
  useEffect(() => choose(sku), [choose, sku]);
  useEffect(() => {
    const later = setTimeout(() => setAsked({ buyer, sku, quantity }), 400);
    return () => clearTimeout(later);
  }, [buyer, sku, quantity]);
  const settled = asked.buyer === buyer && asked.sku === sku && asked.quantity === quantity;
  const { data, error } = useQuery({
    queryKey: ["byhand", asked],
    enabled: !!asked.buyer && !!asked.sku && asked.quantity > 0,
    staleTime: (BINDS_S - 60) * 1000,
    gcTime: 0,
    refetchInterval: (BINDS_S - 60) * 1000,
    retry: false,
    queryFn: () =>
      got(
        api.POST("/console/v1/buyers/{buyer_id}/quotes", {
          params: { path: { buyer_id: asked.buyer } },
          body: { lines: [{ sku_id: asked.sku, quantity: asked.quantity }], ttl_s: BINDS_S },
        }),
      ),
  });
  const quote = settled ? data : undefined;
  told(quote);
  if (error && settled) return <FaultNote error={error} />;
  if (!quote) return null;
  return (
    <div className="note" data-testid="quote" aria-live="polite">
      <Descriptions
        pairs={[
          [t("f.unit_price"), <Money key="u" value={quote.lines[0]?.unit_price} unit />],
          [t("f.total"), <Money key="t" value={quote.amount} />],
          [t("byhand.holds_until"), <Time key="x" at={quote.expires_at} />],
        ]}
      />
    </div>
  );
}
