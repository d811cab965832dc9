import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMe } from "@/api/session";
import { Part, Pending, Small, useListState } from "@/ui";

/** Who calls how much. */
export function Companies() {
  const { t } = useTranslation();
  const me = useMe();
  const [search] = useListState();
  const hours = Number(search.hours ?? "24");
  const calls = useQuery({
    queryKey: ["platform", "companies", hours],
    refetchInterval: 15_000,
    queryFn: () => got(api.GET("/console/v1/calls/companies", { params: { query: { hours } } })),
  });
  const { data } = calls;
  if (!data) return <Pending of={calls} />;
  if (!data.length) return null;
  return (
    <Part title={t("platform.companies")}>
      <Small
        rows={data}
        keyOf={(one) => one.organisation_id}
        none=""
        columns={[
          [
            t("platform.company"),
            (one) => (
              <Link
                to="/c/$org/dev"
                params={{ org: me.mall.slug }}
                search={{ tab: "calls", organisation_id: one.organisation_id }}
              >
                {one.organisation ?? one.organisation_id}
              </Link>
            ),
          ],
          [t("dev.count"), (one) => one.calls.toLocaleString(), "end"],
          [t("dev.refused"), (one) => one.refused.toLocaleString(), "end"],
          [t("platform.share"), (one) => `${((100 * one.refused) / one.calls).toFixed(1)} %`, "end"],
        ]}
      />
    </Part>
  );
}
