import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { AskButton, Bones, CopyCode, Descriptions, FaultNote, Part, Small, StatusTag, Time } from "@/ui";
import { useRoot } from "./audience";
import { useReplay } from "./deliveries";
import { pretty } from "./pretty";

/** What was sent, and each try. */
export function DeliveryDetail({ id }: { id: string }) {
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
          [t("dev.event"), <EventName key="e" event={delivery.event} />],
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

/** What happened, in words and by its name. */
export function EventName({ event }: { event: string }) {
  const word = useWord();
  return (
    <span className="two">
      {word("event", event)}
      <small className="muted">{event}</small>
    </span>
  );
}
