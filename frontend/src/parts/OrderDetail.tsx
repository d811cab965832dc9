import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { Who } from "@/parts/Who";
import {
  Bones,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  moneyText,
  Part,
  PartTabs,
  RevealCode,
  Small,
  StatusTag,
  Time,
  useListState,
} from "@/ui";
import { OrderActs } from "./OrderActs";
import { Acts } from "./orders/Acts";
import { Events } from "./orders/Events";
import { FixActs } from "./orders/FixActs";
import { Funds } from "./orders/Funds";
import { Head } from "./orders/Head";
import { Held } from "./orders/Held";
import { Pages } from "./orders/Pages";
import { Purchases } from "./orders/Purchases";
import { Sold } from "./orders/Sold";
import { Story } from "./orders/Story";
import { useSold, useSoldName } from "./orders/snapshot";

/** The whole file of one order: what it is and what happened, then its parts. `page`: not in a drawer over the list. */
export function OrderDetail({ id, page }: { id: string; page?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const [{ part }] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["orders", "case", id],
    queryFn: async () =>
      (await got(api.GET("/console/v1/cases", { params: { query: { number: id } } }))).items[0] ?? null,
  });
  if (error && data === undefined) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Bones />;
  if (data === null) return <p className="muted">{t("orders.gone")}</p>;
  const { order, lines } = data;
  const link = page ? (
    <Link to="/c/$org/orders" params={{ org: me.mall.slug }} search={{ open: order.id, part }}>
      {t("order.list")}
    </Link>
  ) : (
    <Link
      to="/c/$org/orders/$id"
      params={{ org: me.mall.slug, id: order.id }}
      search={{ part }}
      data-testid="as-page"
    >
      {t("order.page")}
    </Link>
  );
  return (
    <>
      <Head status={order.status} total={order.total} about={order.buyer_name} link={link}>
        <OrderActs data={data} />
      </Head>
      <Held data={data} />
      <FixActs order={order.id} lines={lines} />
      <Happened data={data} />
      <PartTabs
        label={t("order.parts")}
        tabs={[
          { id: "details", label: t("order.details"), show: () => <Details data={data} /> },
          ...(may("ledger.read")
            ? [{ id: "funds", label: t("order.funds"), show: () => <Funds data={data} /> }]
            : []),
          ...(may("fulfilment.read")
            ? [{ id: "fulfilment", label: t("order.fulfilment"), show: () => <Purchases id={order.id} /> }]
            : []),
          ...(may("notify.read") || may("provenance.read")
            ? [{ id: "events", label: t("order.events"), show: () => <Events data={data} /> }]
            : []),
          ...(may("audit.read")
            ? [{ id: "audit", label: t("order.audit"), show: () => <Acts id={order.id} /> }]
            : []),
        ]}
      />
    </>
  );
}

function Happened({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  return (
    <Story
      moments={[
        { key: "placed", at: data.order.placed_at, what: t("orders.placed") },
        ...(data.decisions ?? []).map((one) => ({
          key: `d${one.id}`,
          at: one.at,
          what: `${t("orders.judged")}: ${word("verdict", one.verdict)}`,
          more: one.hits.map((hit) => said({ zh: hit.text_zh, en: hit.text_en })).join("; "),
        })),
        ...data.work.map((one, n) => ({
          key: `w${n}`,
          at: one.at,
          what: `#${one.line_no} ${said({ zh: one.text_zh, en: one.text_en })}`,
        })),
        ...(data.acts ?? []).map((one, n) => ({
          key: `a${n}`,
          at: one.at,
          what: word("action", one.action),
          more: <Who by={`${one.actor_kind}:${one.actor}`} />,
        })),
        ...(data.transfers ?? []).map((one) => ({
          key: `t${one.id}`,
          at: one.at,
          what: `${word("transfer", one.kind)} ${moneyText(one.amount)}`,
        })),
        ...(data.deliveries ?? []).map((one) => ({
          key: `h${one.id}`,
          at: one.created_at,
          what: `${t("orders.told")}: ${one.event}`,
          more: word("delivery", one.state),
        })),
      ]}
    />
  );
}

function Details({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const { order, lines } = data;
  const { data: sold } = useSold(order.id, false);
  const name = useSoldName(sold);
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.buyer"), order.buyer_name],
          [t("f.placed_at"), <Time key="t" at={order.placed_at} />],
          [t("f.order_no"), <CopyCode key="n" text={order.order_no} />],
          [t("f.client_order_no"), <CopyCode key="c" text={order.client_order_no} />],
          [t("f.verdict"), <StatusTag key="v" kind="verdict" code={order.verdict} />],
          order.reason ? [t("f.reason"), word("reason", order.reason)] : null,
        ]}
      />
      <Part title={t("orders.lines")}>
        <Small
          rows={lines}
          keyOf={(one) => String(one.line_no)}
          none=""
          columns={[
            ["#", (one) => one.line_no],
            [t("f.sku"), (one) => name(one.line_no, one.sku_id)],
            [t("f.quantity"), (one) => `${one.delivered} / ${one.quantity}`, "end"],
            [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
            [t("f.returned"), (one) => <Money value={one.returned} />, "end"],
            [t("f.mode"), (one) => word("mode", one.mode)],
            [t("f.status"), (one) => <StatusTag kind="line" code={one.status} />],
          ]}
        />
      </Part>
      <Codes id={order.id} lines={lines} name={name} />
      {lines.some((one) => one.delivered > 0) && <Pages id={order.id} />}
      <Sold of={sold} />
    </>
  );
}

/** Delivered codes, one by one, for who may look. */
function Codes({
  id,
  lines,
  name,
}: {
  id: string;
  lines: Of<"CaseOut">["lines"];
  name: (line: number, sku: string) => string;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const delivered = lines.filter((one) => one.delivered > 0);
  if (!may("stock.reveal") || delivered.length === 0) return null;
  return (
    <Part
      title={t("reveal.title")}
      actions={
        may("audit.read") && (
          <Link to="/c/$org/reveals" params={{ org: me.mall.slug }} search={{ subject: `order:${id}` }}>
            {t("reveal.log")}
          </Link>
        )
      }
    >
      <p className="muted">{t("reveal.text")}</p>
      {delivered.map(({ line_no, sku_id, delivered: count }) => (
        <section key={line_no} aria-label={`#${line_no}`}>
          <h3 className="line">{`#${line_no} ${name(line_no, sku_id)}`}</h3>
          <RevealCode
            count={count}
            show={(seq, reason) =>
              got(
                api.POST("/console/v1/orders/{order_id}/lines/{line_no}/reveal", {
                  params: { path: { order_id: id, line_no } },
                  body: { seq, reason },
                }),
              )
            }
          />
        </section>
      ))}
    </Part>
  );
}
