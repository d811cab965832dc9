import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  Button,
  DataTable,
  Descriptions,
  FaultNote,
  Money,
  Part,
  Screen,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";

type Link = Of<"MyConnectionOut">;

export default function Links() {
  const { t } = useTranslation();
  return (
    <Screen title={t("nav.my-links")} text={t("supply.links_text")}>
      <DataTable<Link>
        id="my-links"
        label={t("nav.my-links")}
        rowKey={(c) => c.id}
        poll={30_000}
        columns={[
          { id: "name", title: t("f.name"), cell: (c) => c.name, value: (c) => c.name },
          {
            id: "state",
            title: t("f.status"),
            cell: (c) => <StatusTag kind="connection" code={c.state} />,
            value: (c) => c.state,
          },
          {
            id: "how",
            title: t("supply.how"),
            cell: (c) => (c.by_people ? t("supply.by_people") : c.protocol),
          },
          {
            id: "success",
            title: t("supply.success_week"),
            cell: (c) => share(c),
            value: (c) => c.success_bp,
            end: true,
          },
          {
            id: "purchases",
            title: t("supply.asked_week"),
            cell: (c) => c.purchases,
            value: (c) => c.purchases,
            end: true,
          },
        ]}
        load={async () =>
          got(api.GET("/console/v1/own/connections")).then(({ items }) => ({ items, next: null }))
        }
        detail={(_id, row) => row && <Detail key={row.id} row={row} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("supply.no_links"), text: t("supply.no_links_text") }}
      />
    </Screen>
  );
}

const share = (c: Link): string => (c.purchases ? `${(c.success_bp / 100).toFixed(1)}%` : "–");
const seconds = (ms: number | null | undefined): string => (ms == null ? "–" : `${(ms / 1000).toFixed(1)} s`);

function Detail({ row }: { row: Link }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const path = { params: { path: { connection_id: row.id } } };
  const attempt = useAct(
    () => got(api.POST("/console/v1/own/connections/{connection_id}/try", path)),
    "my-links",
  );
  const { data, error } = useQuery({
    queryKey: ["my-links", "troubles", row.id],
    queryFn: () => got(api.GET("/console/v1/own/connections/{connection_id}/troubles", path)),
  });
  return (
    <>
      {!row.by_people && may("own.supply.write") && (
        <div className="acts gap">
          <Button loading={attempt.isPending} data-testid="try" onClick={() => attempt.mutate(undefined)}>
            {t("supply.try")}
          </Button>
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="connection" code={row.state} />],
          [t("f.reason"), row.reason],
          [t("supply.since"), <Time key="a" at={row.state_at} />],
          [t("supply.success_week"), share(row)],
          [t("supply.speed"), `${seconds(row.p50_ms)} / ${seconds(row.p95_ms)}`],
          row.balance ? [t("supply.balance"), <Money key="b" value={row.balance} />] : null,
          row.balance ? [t("f.balance_at"), <Time key="t" at={row.balance_at} />] : null,
        ]}
      />
      <Part title={t("supply.troubles")}>
        <FaultNote error={error} />
        {data && (
          <Small
            rows={data.items}
            keyOf={(one) => one.id}
            none={t("supply.no_troubles")}
            columns={[
              [t("f.at"), (one) => <Time at={one.called_at} near />],
              [t("supply.article"), (one) => one.good_id],
              [t("f.status"), (one) => <StatusTag kind="purchase" code={one.status} />],
              [t("f.reason"), (one) => one.said || word("reason", one.reason)],
              [t("supply.our_no"), (one) => <code>{one.id}</code>],
            ]}
          />
        )}
      </Part>
    </>
  );
}
