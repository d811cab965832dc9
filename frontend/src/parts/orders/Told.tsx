import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { AskButton, type Page, Part, Small, StatusTag, Time, useAct } from "@/ui";

type Delivery = Of<"DeliveryOut">;

/** What was told of an order by webhook, and to tell it again. */
export function Told({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const { own, root } = useRoot();
  const reads = may(own ? "own.webhooks.write" : "notify.read");
  const read = useQuery({
    queryKey: ["dev-deliveries", "of", root, id],
    enabled: reads,
    queryFn: () => ask<Page<Delivery>>(`${root}/webhook-deliveries`, { subject_id: id, size: "50" }),
  });
  const again = useAct((delivery: string) => {
    const body = { delivery_ids: [delivery] };
    return own
      ? got(api.POST("/console/v1/own/webhook-deliveries/replay", { body }))
      : got(api.POST("/console/v1/webhook-deliveries/replay", { body }));
  }, "dev-deliveries");
  if (!reads) return null;
  return (
    <Part title={t("told.title")}>
      <Small
        of={read}
        rows={read.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("told.none")}
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
          [
            "",
            (one) =>
              (one.state === "delivered" || one.state === "dead") &&
              (own || may("notify.write")) && (
                <AskButton
                  label={t("dev.replay_again")}
                  effect={t("dev.replay_text")}
                  testid="tell-again"
                  run={() => again.mutateAsync(one.id)}
                />
              ),
          ],
        ]}
      />
    </Part>
  );
}
