import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useLive } from "@/api/live";
import { nameIn, useBuyers } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  Bones,
  type Column,
  CopyCode,
  DataTable,
  Descriptions,
  FaultNote,
  type Page,
  Part,
  Small,
  StatusTag,
  Time,
} from "@/ui";
import { useRoot } from "./audience";
import { Replay } from "./replay";

type Call = Of<"CallOut">;

/** What programs called, newest first. */
export function Calls() {
  const { t } = useTranslation();
  const word = useWord();
  const { own, root } = useRoot();
  const buyers = useBuyers();
  const company = nameIn(buyers);
  const columns: Column<Call>[] = [
    { id: "at", title: t("f.at"), cell: (c) => <Time at={c.at} /> },
    { id: "status", title: t("f.status"), cell: (c) => <Status call={c} /> },
    { id: "route", title: t("dev.route"), cell: (c) => <code>{`${c.method} ${c.route}`}</code> },
    { id: "code", title: t("f.reason"), cell: (c) => (c.code ? word("refusal", c.code) : "–") },
    { id: "took", title: t("dev.took"), cell: (c) => `${c.elapsed_ms.toFixed(1)} ms`, end: true },
    { id: "idem", title: t("dev.idempotency"), cell: (c) => c.idempotency_key || "–" },
    { id: "company", title: t("f.buyer"), cell: (c) => company(c.organisation_id), hidden: own },
    { id: "key", title: t("f.key"), cell: (c) => <CopyCode text={c.key_id} />, hidden: true },
    { id: "ip", title: t("f.ip"), cell: (c) => c.ip, hidden: true },
    { id: "request", title: t("fault.request"), cell: (c) => <CopyCode text={c.request_id} short /> },
  ];
  return (
    <DataTable<Call>
      id="dev-calls"
      label={t("dev.calls")}
      rowKey={(c) => c.id}
      columns={columns}
      find={t("dev.find")}
      news={(again) => <NewCalls again={again} />}
      filters={[
        {
          id: "refused",
          label: t("dev.outcome"),
          choices: [
            { value: "true", label: t("dev.refused") },
            { value: "false", label: t("dev.good") },
          ],
        },
        { id: "code", label: t("dev.code") },
        { id: "route", label: t("dev.route") },
        ...(own
          ? []
          : [
              {
                id: "organisation_id",
                label: t("f.buyer"),
                choices: buyers.map((one) => ({ value: one.id, label: one.name })),
              },
            ]),
        { id: "key_id", label: t("f.key") },
        { id: "ip", label: t("f.ip") },
      ]}
      load={async (search) => {
        const { tab: _, hours: _h, ...rest } = search;
        const query = { ...rest, size: "50" };
        return (await ask<Page<Call>>(`${root}/calls`, query)) ?? { items: [] };
      }}
      detail={(id) => <Detail id={id} />}
      detailTitle={(c, id) => (c ? `${c.method} ${c.path}` : id)}
      empty={{ title: t("dev.no_calls"), text: t("dev.no_calls_text") }}
    />
  );
}

/** Calls that came since the rows were read: shown when somebody wants them, so that no row moves under a hand. */
function NewCalls({ again }: { again: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  const begun = useRef(false);
  // What came between the first reading and the beginning of the stream.
  useLive("hello", () => {
    if (!begun.current) again();
    begun.current = true;
  });
  useLive("calls", (told) => setCount((now) => now + told.new));
  if (!count) return null;
  return (
    <button
      type="button"
      className="news"
      data-testid="new-calls"
      onClick={() => {
        setCount(0);
        again();
      }}
    >
      {t("news.calls", { count })}
    </button>
  );
}

function Status({ call }: { call: Call }) {
  return (
    <span className={`tag ${call.status < 400 ? "good" : call.status < 500 ? "warn" : "bad"}`}>
      {call.status} {call.code}
    </span>
  );
}

function Detail({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { own, root } = useRoot();
  const { data, error, refetch } = useQuery({
    queryKey: ["dev-calls", "one", root, id],
    queryFn: () => ask<Of<"CallFullOut">>(`${root}/calls/${id}`),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Bones />;
  if (data === null) return <p className="muted">{t("dev.gone")}</p>;
  const { call } = data;
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.status"), <Status key="s" call={call} />],
          [t("dev.route"), <code key="r">{`${call.method} ${call.path}`}</code>],
          [t("f.at"), <Time key="t" at={call.at} />],
          [t("dev.took"), `${call.elapsed_ms.toFixed(1)} ms`],
          [t("f.key"), <CopyCode key="k" text={call.key_id} />],
          [t("f.ip"), call.ip],
          [t("dev.idempotency"), call.idempotency_key || "–"],
          [t("fault.request"), <CopyCode key="i" text={call.request_id} />],
        ]}
      />
      {data.refusal && (
        <Part
          title={t("dev.refusal")}
          actions={
            <a href={`/docs/errors#${call.code}`} target="_blank" rel="noreferrer">
              {t("dev.explained")}
            </a>
          }
        >
          <pre className="wrap">{pretty(data.refusal)}</pre>
        </Part>
      )}
      {data.request && (
        <Part title={t("dev.request")}>
          <pre className="wrap">{pretty(data.request)}</pre>
        </Part>
      )}
      {data.order_ids.length > 0 && (
        <Part title={t("dev.orders")}>
          {data.order_ids.map((order) => (
            <p key={order}>
              <Link
                to={own ? "/c/$org/my-orders" : "/c/$org/orders"}
                params={{ org: me.mall.slug }}
                search={{ open: order }}
              >
                {order}
              </Link>
            </p>
          ))}
          <Small
            rows={data.deliveries}
            keyOf={(one) => one.id}
            none={t("dev.none_told")}
            columns={[
              [
                t("dev.event"),
                (one) => (
                  <Link
                    to="/c/$org/dev"
                    params={{ org: me.mall.slug }}
                    search={{ tab: "deliveries", open: one.id }}
                  >
                    {one.event}
                  </Link>
                ),
              ],
              [t("f.status"), (one) => <StatusTag kind="delivery" code={one.state} />],
              [t("f.attempts"), (one) => one.attempts, "end"],
              [t("f.at"), (one) => <Time at={one.created_at} />],
            ]}
          />
        </Part>
      )}
      <Replay key={id} id={id} call={call} kept={data.request} />
    </>
  );
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
