import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { Objections } from "@/parts/Objections";
import { Days } from "@/parts/settlement/Days";
import { Lines } from "@/parts/settlement/Lines";
import { Payments } from "@/parts/settlement/Payments";
import { Bones, EmptyState, FaultNote, PageTabs, Screen, useListState } from "@/ui";

export default function MySettlement() {
  const { t } = useTranslation();
  const [search] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["my-links", "names"],
    queryFn: () => got(api.GET("/console/v1/own/connections")),
  });
  const links = data?.items ?? [];
  const connection = search.connection_id ?? links[0]?.id;
  const filter = {
    id: "connection_id",
    label: t("f.connection"),
    choices: links.map((one) => ({ value: one.id, label: one.name })),
  };
  const tabs = ["days", "lines", "objections", "payments"] as const;
  const tab = search.tab ?? "days";
  return (
    <Screen title={t("nav.my-settlement")} text={t("supply.settlement_text")}>
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      {connection && (
        <>
          <PageTabs
            label={t("nav.my-settlement")}
            tabs={tabs.map((id) => ({ id, label: t(`supply.${id}` as const) }))}
          />
          {tab === "days" && <Days connection={connection} filter={filter} />}
          {tab === "lines" && <Lines connection={connection} filter={filter} />}
          {tab === "objections" && <Objections own />}
          {tab === "payments" && <Payments connection={connection} filter={filter} />}
        </>
      )}
      {data && !connection && <EmptyState title={t("supply.no_links")} text={t("supply.no_links_text")} />}
    </Screen>
  );
}
