import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { pretty } from "@/parts/dev/pretty";
import { Go } from "@/parts/Go";
import {
  AskButton,
  Bones,
  Button,
  CopyCode,
  DataTable,
  Descriptions,
  FaultNote,
  type Page,
  Part,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";

type Delivery = Of<"DeliveryOut">;

const STATES = ["waiting", "sending", "delivered", "dead"] as const;

function useReplay() {
  const { own } = useRoot();
  return useAct((body: Of<"ReplayIn">) => {
    return own
      ? got(api.POST("/console/v1/own/webhook-deliveries/replay", { body }))
      : got(api.POST("/console/v1/webhook-deliveries/replay", { body }));
  }, "dev-deliveries");
}

/** What was told, and whether it arrived. */
export function Deliveries() {
  const { t } = useTranslation();
  const word = useWord();
  const { root } = useRoot();
  const replay = useReplay();
  return (
    <DataTable<Delivery>
      id="dev-deliveries"
      poll={15_000}
      label={t("dev.deliveries")}
      rowKey={(d) => d.id}
      columns={[
        { id: "event", title: t("dev.event"), cell: (d) => d.event },
        { id: "state", title: t("f.status"), cell: (d) => <StatusTag kind="delivery" code={d.state} /> },
        { id: "subject", title: t("dev.subject"), cell: (d) => <CopyCode text={d.subject_id} short /> },
        { id: "attempts", title: t("f.attempts"), cell: (d) => d.attempts, end: true },
        { id: "at", title: t("f.created_at"), cell: (d) => <Time at={d.created_at} /> },
        { id: "event_id", title: "webhook-id", cell: (d) => <CopyCode text={d.event_id} />, hidden: true },
      ]}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("delivery", value) })),
        },
        { id: "endpoint_id", label: t("dev.endpoint") },
        { id: "subject_id", label: t("dev.subject") },
      ]}
      load={async ({ cursor, status, endpoint_id, subject_id }) =>
        (await ask<Page<Delivery>>(`${root}/webhook-deliveries`, {
          cursor,
          status,
          endpoint_id,
          subject_id,
          size: "50",
        })) ?? { items: [] }
      }
      withChosen={(rows, clear) => (
        <Button
          type="primary"
          loading={replay.isPending}
          onClick={() =>
            void replay.mutateAsync({ delivery_ids: rows.map((one) => one.id) }).then(clear, () => undefined)
          }
        >
          {t("dev.replay", { count: rows.length })}
        </Button>
      )}
      detail={(id) => <Detail id={id} />}
      detailTitle={(d, id) => d?.event ?? id}
      empty={{
        title: t("dev.no_deliveries"),
        text: t("dev.no_deliveries_text"),
        action: <Go needs="own.keys.write" page="dev" search={{ tab: "hooks" }} label={t("dev.hooks")} />,
      }}
    />
  );
}

function Detail({ id }: { id: string }) {
  const { t } = useTranslation();
  const { root } = useRoot();
  const replay = useReplay();
  const { data, error, refetch } = useQuery({
    queryKey: ["dev-deliveries", "one", root, id],
    queryFn: () => ask<Of<"DeliveryFullOut">>(`${root}/webhook-deliveries/${id}`),
  });
  if (error && data === undefined) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Bones />;
  if (data === null) return <p className="muted">{t("dev.gone")}</p>;
  const { delivery } = data;
  const ended = delivery.state === "delivered" || delivery.state === "dead";
  return (
    <>
      {ended && (
        <div className="acts">
          <AskButton
            label={t("dev.replay_again")}
            effect={t("dev.replay_text")}
            run={() => replay.mutateAsync({ delivery_ids: [id] })}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="delivery" code={delivery.state} />],
          [t("dev.event"), delivery.event],
          ["webhook-id", <CopyCode key="w" text={delivery.event_id} />],
          [t("dev.subject"), <Subject key="u" event={delivery.event} id={delivery.subject_id} />],
        ]}
      />
      <Part title={t("dev.attempts")}>
        <Small
          rows={data.attempts}
          keyOf={(one) => one.at}
          none={t("dev.none_tried")}
          columns={[
            [t("f.at"), (one) => <Time at={one.at} />],
            [t("f.status"), (one) => one.status ?? one.error],
            [t("dev.took"), (one) => `${one.elapsed_ms} ms`, "end"],
            [t("dev.answer"), (one) => <code className="wrap">{one.answer || "–"}</code>],
          ]}
        />
      </Part>
      <Part title={t("dev.body")}>
        <pre className="wrap">{pretty(data.body)}</pre>
      </Part>
    </>
  );
}

/** Of an order the way to it, else the number. */
function Subject({ event, id }: { event: string; id: string }) {
  const { own } = useRoot();
  const me = useMe();
  if (!event.startsWith("order.")) return <CopyCode text={id} />;
  return (
    <Link
      to={own ? "/c/$org/my-orders" : "/c/$org/orders"}
      params={{ org: me.mall.slug }}
      search={{ open: id }}
    >
      {id}
    </Link>
  );
}
