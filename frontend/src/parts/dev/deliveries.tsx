import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { StatusTag, Time, useAct } from "@/ui";
import { useRoot } from "./audience";

type Delivery = Pick<Of<"DeliveryOut">, "id" | "event" | "attempts" | "created_at"> & { state: string };

/** Deliveries once more, by their ids. */
export function useReplay() {
  const { own } = useRoot();
  return useAct((body: Of<"ReplayIn">) => {
    return own
      ? got(api.POST("/console/v1/own/webhook-deliveries/replay", { body }))
      : got(api.POST("/console/v1/webhook-deliveries/replay", { body }));
  }, "dev-deliveries");
}

/** What is said of a delivery in a small table; its event leads to its page. */
export function useDeliveryColumns(): [string, (one: Delivery) => ReactNode, "end"?][] {
  const { t } = useTranslation();
  const me = useMe();
  return [
    [
      t("dev.event"),
      (one: Delivery) => (
        <Link to="/c/$org/dev" params={{ org: me.mall.slug }} search={{ tab: "deliveries", open: one.id }}>
          {one.event}
        </Link>
      ),
    ],
    [t("f.status"), (one: Delivery) => <StatusTag kind="delivery" code={one.state} />],
    [t("f.attempts"), (one: Delivery) => one.attempts, "end"],
    [t("f.at"), (one: Delivery) => <Time at={one.created_at} />],
  ];
}
