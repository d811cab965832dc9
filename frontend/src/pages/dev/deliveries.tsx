import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { DeliveryDetail, EventName } from "@/parts/dev/DeliveryDetail";
import { useReplay } from "@/parts/dev/deliveries";
import { useEvents } from "@/parts/dev/events";
import { ResendAll } from "@/parts/dev/ResendAll";
import { Go } from "@/parts/Go";
import { Button, CopyCode, DataTable, type Page, StatusTag, Time, useListState } from "@/ui";
import { startOf } from "@/ui/Time";

type Delivery = Of<"DeliveryOut">;

const STATES = ["waiting", "sending", "delivered", "dead"] as const;

/** What was told, and whether it arrived. */
export function Deliveries() {
  const { t } = useTranslation();
  const word = useWord();
  const { root } = useRoot();
  const replay = useReplay();
  const [search] = useListState();
  const { zone } = useMe().mall;
  const events = useEvents();
  const hooks = useQuery({
    queryKey: ["dev-hooks", "names", root],
    queryFn: async () =>
      (await ask<Page<Of<"EndpointOut">>>(`${root}/webhook-endpoints`, { size: "200" }))?.items ?? [],
  });
  return (
    <>
      <ResendAll key={JSON.stringify(search)} search={search} />
      <DataTable<Delivery>
        id="dev-deliveries"
        poll={15_000}
        label={t("dev.deliveries")}
        rowKey={(d) => d.id}
        columns={[
          { id: "event", title: t("dev.event"), cell: (d) => <EventName event={d.event} /> },
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
          { id: "event", label: t("dev.event"), choices: events.choices, of: events.of },
          {
            id: "endpoint_id",
            label: t("dev.endpoint"),
            choices: (hooks.data ?? []).map((one) => ({ value: one.id, label: one.url })),
            of: hooks,
          },
          { id: "subject_id", label: t("dev.subject") },
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        load={async ({ cursor, status, endpoint_id, subject_id, event, from, to }) =>
          (await ask<Page<Delivery>>(`${root}/webhook-deliveries`, {
            cursor,
            status,
            endpoint_id,
            subject_id,
            event,
            created_from: from && startOf(from, zone),
            created_to: to && startOf(to, zone, 1),
            size: "50",
          })) ?? { items: [] }
        }
        withChosen={(rows, clear) => (
          <Button
            type="primary"
            loading={replay.isPending}
            onClick={() =>
              void replay
                .mutateAsync({ delivery_ids: rows.map((one) => one.id) })
                .then(clear, () => undefined)
            }
          >
            {t("dev.replay", { count: rows.length })}
          </Button>
        )}
        detail={(id) => <DeliveryDetail id={id} />}
        detailTitle={(d, id) => d?.event ?? id}
        empty={{
          title: t("dev.no_deliveries"),
          text: t("dev.no_deliveries_text"),
          action: <Go needs="own.keys.write" page="dev" search={{ tab: "hooks" }} label={t("dev.hooks")} />,
        }}
      />
    </>
  );
}
