import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { Part, Small, StatusTag, Time } from "@/ui";
import { POLL, SystemLink } from "./SystemLink";

/** Suppliers' programs; the breaker pauses one that fails too often. */
export function Connections() {
  const { t } = useTranslation();
  const me = useMe();
  const lights = useQuery({
    queryKey: ["connections", "lights"],
    refetchInterval: POLL,
    queryFn: () => got(api.GET("/console/v1/connections", { params: { query: { size: 200 } } })),
  });
  return (
    <Part
      title={t("nav.connections")}
      actions={<SystemLink page="connections">{t("system.to_connections")}</SystemLink>}
    >
      <Small<Of<"ConnectionOut">>
        of={lights}
        rows={lights.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("connections.empty")}
        columns={[
          [
            t("f.name"),
            (one) => (
              <Link to="/c/$org/connections" params={{ org: me.mall.slug }} search={{ open: one.id }}>
                {one.name}
              </Link>
            ),
          ],
          [
            t("f.status"),
            (one) => (
              <StatusTag kind="connection" code={one.state} tone={one.state === "on" ? "good" : undefined} />
            ),
          ],
          [t("f.reason"), (one) => one.reason || "–"],
          [t("f.since"), (one) => <Time at={one.state_at} near />],
        ]}
      />
    </Part>
  );
}
