import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import {
  Bones,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  Part,
  PartTabs,
  Pending,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { FormButton } from "@/ui/form";
import { MyCodes } from "./MyCodes";
import { Proof } from "./orders/Events";
import { Head } from "./orders/Head";
import { Pages } from "./orders/Pages";
import { Sold } from "./orders/Sold";
import { Story } from "./orders/Story";
import { useSold, useSoldName } from "./orders/snapshot";
import { Told } from "./orders/Told";
import { Tried } from "./orders/Tried";

type Order = Of<"OrderOut">;

/** One of one's own orders: lines, codes, what was done for it, and its proof. */
export function MyOrder({ id }: { id: string }) {
  const { t } = useTranslation();
  const said = useSaid();
  const params = { path: { order_id: id } };
  const { data, error, refetch } = useQuery({
    queryKey: ["own-orders", "one", id],
    queryFn: () => got(api.GET("/console/v1/own/orders/{order_id}", { params })),
  });
  const told = useQuery({
    queryKey: ["own-orders", "log", id],
    queryFn: () => got(api.GET("/console/v1/own/orders/{order_id}/log", { params })),
  });
  const log = told.data;
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  return (
    <>
      <Head status={data.status} total={data.total}>
        <Acts order={data} />
      </Head>
      {data.lines.some((one) => one.fix) && <Fixes order={data} />}
      <Story
        note={told.error && !log && <Pending of={told} />}
        moments={[
          { key: "placed", at: data.created_at, what: t("orders.placed") },
          ...(log?.items ?? []).map((one, n) => ({
            key: `w${n}`,
            at: one.at,
            what: `#${one.line_no} ${said({ zh: one.text_zh, en: one.text_en })}`,
          })),
        ]}
      />
      <PartTabs
        label={t("order.parts")}
        tabs={[
          { id: "details", label: t("order.details"), show: () => <Details order={data} /> },
          ...(log?.purchases?.length
            ? [
                {
                  id: "fulfilment",
                  label: t("order.fulfilment"),
                  show: () => <Tried of={log.purchases ?? []} />,
                },
              ]
            : []),
          {
            id: "events",
            label: t("order.events"),
            show: () => (
              <>
                <Told id={id} />
                <Part
                  title={t("order.custody")}
                  actions={<Proof href={`/console/v1/own/orders/${id}/proof`} />}
                >
                  <p className="muted">{t("custody.pages_text")}</p>
                </Part>
              </>
            ),
          },
        ]}
      />
    </>
  );
}

function Details({ order }: { order: Order }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const { id, lines } = order;
  const { data: sold } = useSold(id, true);
  const name = useSoldName(sold);
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.placed_at"), <Time key="t" at={order.created_at} />],
          [t("f.order_no"), <CopyCode key="n" text={order.order_no} />],
          [t("f.client_order_no"), <CopyCode key="c" text={order.client_order_no} />],
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
            [t("f.unit_price"), (one) => <Money value={one.unit_price} unit />, "end"],
            [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
            [t("f.returned"), (one) => <Money value={one.returned} />, "end"],
            [t("own.f.account"), (one) => one.target ?? one.receipts?.join(", ") ?? "–"],
            [t("f.status"), (one) => <StatusTag kind="line" code={one.status} />],
          ]}
        />
      </Part>
      {may("own.codes.read") && lines.some((one) => one.delivered > 0) && <MyCodes id={id} />}
      {lines.some((one) => one.delivered > 0) && <Pages id={id} own />}
      <Sold of={sold} />
    </>
  );
}

/** A correction asks for all the fields of the goods, as they were sold. */
function Fixes({ order }: { order: Order }) {
  const { data: sold } = useSold(order.id, true);
  return order.lines.map(
    (one) =>
      one.fix && (
        <Fix
          key={one.line_no}
          order={order.id}
          line={one}
          asks={fieldsOf(sold, one.line_no, one.fix.field)}
        />
      ),
  );
}

function Acts({ order }: { order: Order }) {
  const { t } = useTranslation();
  const may = useMay();
  const open = order.lines.some((one) => ["review", "scheduled", "waiting"].includes(one.status));
  const cancel = useAct(
    (reason: string) =>
      got(
        api.POST("/console/v1/own/orders/{order_id}/cancel", {
          params: { path: { order_id: order.id } },
          body: { reason },
        }),
      ),
    "own-orders",
  );
  if (!open || !may("own.orders.write")) return null;
  return (
    <div className="acts">
      <ReasonForm
        danger
        label={t("orders.cancel")}
        effect={t("own.orders.cancel_text")}
        reason="may"
        testid="cancel-order"
        run={(reason) => cancel.mutateAsync(reason)}
      />
    </div>
  );
}

interface Asked {
  name: string;
  label_zh: string;
  label_en: string;
}

/** All that the goods ask for, as they were sold: a correction says every field. */
function fieldsOf(sold: Of<"SnapshotOut"> | undefined, line: number, wrong: string): Asked[] {
  const found: unknown = sold?.lines.find((one) => one.line_no === line)?.sku.fields;
  return Array.isArray(found) && found.length
    ? (found as Asked[])
    : [{ name: wrong, label_zh: wrong, label_en: wrong }];
}

/** The supplier called the account wrong: corrected in time, the line goes on with the money that is held. */
function Fix({ order, line, asks }: { order: string; line: Order["lines"][number]; asks: Asked[] }) {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <Part title={t("own.orders.fix")}>
      <p>
        {t("own.orders.fix_text", { line: line.line_no })} <Time at={line.fix?.until} />
      </p>
      <FormButton
        name={`correct-${order}.${line.line_no}`}
        label={t("own.orders.correct")}
        private
        touched={["own-orders"]}
        fields={asks.map((one) => ({
          kind: "text",
          name: one.name,
          label: said({ zh: one.label_zh, en: one.label_en }),
          also: [`fields.${one.name}`],
        }))}
        first={{}}
        send={(fields, { key }) =>
          got(
            api.POST("/console/v1/own/orders/{order_id}/lines/{line_no}/fields", {
              params: {
                path: { order_id: order, line_no: line.line_no },
                header: { "Idempotency-Key": key },
              },
              body: { fields: fields as Record<string, string> },
            }),
          )
        }
      />
    </Part>
  );
}
