import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { Bones, CopyCode, Descriptions, FaultNote, Part, Small, Time } from "@/ui";
import { useDeliveryColumns } from "./deliveries";
import { pretty } from "./pretty";
import { Replay } from "./Replay";

type Call = Of<"CallOut">;

export function CallStatus({ call }: { call: Call }) {
  return (
    <span className={`tag ${call.status < 400 ? "good" : call.status < 500 ? "warn" : "bad"}`}>
      {call.status} {call.code}
    </span>
  );
}

export function CallDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { own, root } = useRoot();
  const columns = useDeliveryColumns();
  const { data, error, refetch } = useQuery({
    queryKey: ["dev-calls", "one", root, id],
    queryFn: () => ask<Of<"CallFullOut">>(`${root}/calls/${id}`),
  });
  if (error && data === undefined) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Bones />;
  if (data === null) return <p className="muted">{t("dev.gone")}</p>;
  const { call } = data;
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.status"), <CallStatus key="s" call={call} />],
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
          <Small rows={data.deliveries} keyOf={(one) => one.id} none={t("dev.none_told")} columns={columns} />
        </Part>
      )}
      <Replay key={id} id={id} call={call} kept={data.request} />
    </>
  );
}
