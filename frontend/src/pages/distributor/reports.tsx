import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { Bones, EmptyState, FaultNote, FilterBar, Money, Part, Screen, Small, useListState } from "@/ui";
import { dayIn } from "@/ui/days";
import { todayIn } from "@/ui/Time";

/** What was ordered, by day and by SKU. */
export default function Reports() {
  const { t } = useTranslation();
  const { zone } = useMe().mall;
  const [search, set] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["own", "sales", search.from, search.to],
    queryFn: () =>
      got(
        api.GET("/console/v1/own/sales", {
          params: {
            query: {
              from_day: search.from && dayIn(search.from, todayIn(zone), false),
              to_day: search.to && dayIn(search.to, todayIn(zone), true),
            },
          },
        }),
      ),
  });
  return (
    <Screen title={t("nav.reports")} text={t("own.reports.text")}>
      <FilterBar
        filters={[
          { id: "from", label: t("f.from"), day: true },
          { id: "to", label: t("f.to"), day: true },
        ]}
        search={search}
        set={set}
      />
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      {data && data.days.length === 0 && (
        <EmptyState title={t("own.reports.empty")} text={t("own.reports.empty_text")} />
      )}
      {data && data.days.length > 0 && <Tables data={data} />}
    </Screen>
  );
}

function Tables({ data }: { data: Of<"SalesOut"> }) {
  const { t } = useTranslation();
  const said = useSaid();
  type Sold = Of<"SalesOut">["total"];
  const common: [string, (one: Sold) => ReactNode, "end"][] = [
    [t("own.home.pieces"), (one) => one.pieces.toLocaleString(), "end"],
    [t("own.home.delivered"), (one) => one.delivered.toLocaleString(), "end"],
    [t("own.home.spent"), (one) => <Money value={one.amount} />, "end"],
    [t("f.returned"), (one) => <Money value={one.returned} />, "end"],
    [t("own.home.margin"), (one) => <Money value={one.margin} />, "end"],
  ];
  return (
    <>
      <Part title={t("own.reports.days")}>
        <Small
          rows={data.days}
          keyOf={(one) => one.day}
          none=""
          columns={[[t("own.f.day"), (one) => one.day], ...common]}
        />
      </Part>
      <Part title={t("own.reports.skus")}>
        <Small
          rows={data.skus}
          keyOf={(one) => one.sku_id}
          none=""
          columns={[
            [t("f.sku"), (one) => said({ zh: one.name_zh ?? "", en: one.name_en ?? "" }) || one.sku_id],
            ...common,
          ]}
        />
      </Part>
    </>
  );
}
