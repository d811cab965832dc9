import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Fault } from "@/api/errors";
import { useSkuName } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  Bones,
  CopyCode,
  Descriptions,
  EmptyState,
  FaultNote,
  IconGood,
  IconWarn,
  Part,
  Small,
  StatusTag,
  Time,
  Timeline,
} from "@/ui";

type Chain = Of<"ChainOut">;

/** There is no such code here. */
export const unknown = (error: unknown): boolean => error instanceof Fault && error.status === 404;

/** Where one code came from, to whom it went, how it stands, and what custody should tell and does not. */
export function Custody({ of }: { of: { fingerprint?: string; batch_id?: string; seq?: number } }) {
  const { t } = useTranslation();
  const word = useWord();
  const { data, error, refetch } = useQuery({
    queryKey: ["custody", of],
    retry: false,
    queryFn: () => got(api.GET("/console/v1/custody", { params: { query: of } })),
  });
  if (unknown(error)) return <EmptyState title={t("custody.none")} text={t("custody.none_text")} />;
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  return (
    <div data-testid="custody">
      {data.gaps.length ? (
        <ul className="note" role="alert" data-testid="gaps">
          {data.gaps.map((gap) => (
            <li key={gap}>
              <IconWarn aria-hidden /> {word("custody_gap", gap)}
            </li>
          ))}
        </ul>
      ) : (
        <p className="note" role="status" data-testid="whole">
          <IconGood aria-hidden /> {t("custody.whole")}
        </p>
      )}
      <Part title={t("f.source")}>
        <Source of={data} />
      </Part>
      <Way of={data} />
      <Takers of={data.takers} />
    </div>
  );
}

function Source({ of: { source, now } }: { of: Chain }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const skuName = useSkuName();
  const { bought } = source;
  return (
    <Descriptions
      pairs={[
        [t("f.status"), <StatusTag key="n" kind="custody_now" code={now} />],
        [t("f.sku"), skuName(source.sku_id)],
        [t("f.supplier"), source.supplier_name],
        source.source ? [t("f.source"), source.source] : null,
        bought && [t("f.connection"), bought.connection_name],
        bought && [t("f.purchase"), <CopyCode key="p" text={bought.id} />],
        bought && [
          t("f.supplier_ref"),
          bought.supplier_ref && <CopyCode key="r" text={bought.supplier_ref} />,
        ],
        source.by_hand && [t("f.source"), t("custody.by_hand")],
        source.by_hand && [t("f.order"), <CopyCode key="o" text={source.batch_id} />],
        !bought &&
          !source.by_hand && [
            t("f.batch"),
            may("stock.read") ? (
              <Link
                key="b"
                to="/c/$org/vault"
                params={{ org: me.mall.slug }}
                search={{ open: source.batch_id }}
              >{`${source.batch_id} #${source.seq}`}</Link>
            ) : (
              `${source.batch_id} #${source.seq}`
            ),
          ],
        [t("f.received"), <Time key="t" at={source.received_at} />],
        source.proof_name || source.proof_sha256
          ? [
              t("custody.proof"),
              <span key="d">
                {source.proof_name} {source.proof_sha256 && <CopyCode text={source.proof_sha256} short />}
              </span>,
            ]
          : null,
        [t("custody.commitment"), source.commitment && <CopyCode key="c" text={source.commitment} short />],
      ]}
    />
  );
}

interface Placed {
  position: number | null;
  signed: boolean;
}

/** The purchase, what custody tells with its place in the log, and who was shown the code. */
function Way({ of: { source, steps, seen } }: { of: Chain }) {
  const { t } = useTranslation();
  const word = useWord();
  const place = ({ position, signed }: Placed): string =>
    position === null
      ? t("custody.waits")
      : `${t("custody.place", { place: position })} · ${signed ? t("custody.signed") : t("custody.unsigned")}`;
  return (
    <Part title={t("orders.timeline")}>
      <Timeline
        moments={[
          ...(source.bought
            ? [
                {
                  key: "b",
                  at: source.bought.called_at,
                  what: `${t("custody.bought")}: ${source.supplier_name}`,
                },
              ]
            : []),
          ...steps.map((one) => ({
            key: one.leaf,
            at: one.at,
            what: word("custody_kind", one.kind),
            more: place(one),
          })),
          ...seen.map((one) => ({
            key: one.leaf ?? `s${one.at}${one.order_id}`,
            at: one.at,
            what: word("custody_kind", "revealed"),
            more: [one.person ?? (one.by_buyer && t("f.buyer")), one.leaf && place(one)]
              .filter(Boolean)
              .join(" · "),
          })),
        ]}
      />
    </Part>
  );
}

function Takers({ of }: { of: Chain["takers"] }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  return (
    <Part title={t("vault.holders")}>
      <Small
        rows={of}
        keyOf={(one) => `${one.order_id}.${one.line_no}`}
        none={t("vault.no_holders")}
        columns={[
          [t("f.buyer"), (one) => one.buyer_name],
          [
            t("f.client_order_no"),
            (one) =>
              may("orders.read") ? (
                <Link to="/c/$org/orders" params={{ org: me.mall.slug }} search={{ open: one.order_id }}>
                  {`${one.client_order_no} #${one.line_no}`}
                </Link>
              ) : (
                `${one.client_order_no} #${one.line_no}`
              ),
          ],
          [t("f.status"), (one) => <StatusTag kind="line" code={one.status} />],
          [t("f.placed_at"), (one) => <Time at={one.placed_at} />],
        ]}
      />
    </Part>
  );
}
