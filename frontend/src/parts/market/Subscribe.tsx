import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { AskButton, Pending, useAct } from "@/ui";

/** Be told by webhook when a price moves, or goods come and go. */
export function Subscribe() {
  const { t } = useTranslation();
  const read = useQuery({
    queryKey: ["own-subscriptions"],
    queryFn: () => got(api.GET("/console/v1/own/price-subscriptions", { params: { query: {} } })),
  });
  const known = read.data?.items[0];
  const begin = useAct(
    () =>
      got(
        api.PUT("/console/v1/own/price-subscriptions", {
          body: { name: "default", threshold_bp: 0, availability: true },
        }),
      ),
    "own-subscriptions",
  );
  const end = useAct(
    (id: string) =>
      got(
        api.DELETE("/console/v1/own/price-subscriptions/{subscription_id}", {
          params: { path: { subscription_id: id } },
        }),
      ),
    "own-subscriptions",
  );
  if (read.error && !read.data) return <Pending of={read} />;
  return known ? (
    <AskButton
      label={t("own.market.unsubscribe")}
      effect={t("own.market.unsubscribe_text")}
      run={() => end.mutateAsync(known.id)}
    />
  ) : (
    <AskButton
      label={t("own.market.subscribe")}
      effect={t("own.market.subscribe_text")}
      testid="subscribe"
      run={() => begin.mutateAsync(undefined)}
    />
  );
}
