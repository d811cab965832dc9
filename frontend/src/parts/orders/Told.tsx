import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { useDeliveryColumns, useReplay } from "@/parts/dev/deliveries";
import { AskButton, type Page, Part, Small } from "@/ui";

type Delivery = Of<"DeliveryOut">;

/** What was told of an order by webhook, and to tell it again. */
export function Told({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const { own, root } = useRoot();
  const reads = may(own ? "own.webhooks.write" : "notify.read");
  const read = useQuery({
    queryKey: ["dev-deliveries", "of", root, id],
    enabled: reads,
    queryFn: () => ask<Page<Delivery>>(`${root}/webhook-deliveries`, { subject_id: id, size: "50" }),
  });
  const again = useReplay();
  const columns = useDeliveryColumns();
  if (!reads) return null;
  return (
    <Part title={t("told.title")}>
      <Small
        of={read}
        rows={read.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("told.none")}
        columns={[
          ...columns,
          [
            "",
            (one) =>
              (one.state === "delivered" || one.state === "dead") &&
              (own || may("notify.write")) && (
                <AskButton
                  label={t("dev.replay_again")}
                  effect={t("dev.replay_text")}
                  testid="tell-again"
                  run={() => again.mutateAsync({ delivery_ids: [one.id] })}
                />
              ),
          ],
        ]}
      />
    </Part>
  );
}
