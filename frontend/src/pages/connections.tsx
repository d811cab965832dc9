import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useSkuName, useSuppliers } from "@/api/names";
import { useMay } from "@/api/session";
import {
  AskButton,
  Bones,
  Button,
  CopyCode,
  DangerConfirm,
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

type Row = Of<"ConnectionOut">;

export default function Connections() {
  const { t } = useTranslation();
  const supplier = nameIn(useSuppliers());
  return (
    <Screen title={t("nav.connections")} text={t("connections.text")}>
      <DataTable<Row>
        id="connections"
        label={t("nav.connections")}
        rowKey={(c) => c.id}
        columns={[
          { id: "name", title: t("f.name"), cell: (c) => c.name, value: (c) => c.name },
          {
            id: "state",
            title: t("f.status"),
            cell: (c) => (
              <StatusTag kind="connection" code={c.state} tone={c.state === "on" ? "good" : undefined} />
            ),
            value: (c) => c.state,
          },
          { id: "protocol", title: t("f.protocol"), cell: (c) => c.protocol, value: (c) => c.protocol },
          {
            id: "supplier",
            title: t("f.supplier"),
            cell: (c) => supplier(c.supplier_id),
            value: (c) => supplier(c.supplier_id),
          },
          {
            id: "balance",
            title: t("f.balance"),
            cell: (c) => <Money value={c.balance} />,
            value: (c) => Number(c.balance?.amount ?? 0),
            end: true,
          },
          { id: "balance_at", title: t("f.balance_at"), cell: (c) => <Time at={c.balance_at} near /> },
          {
            id: "at_once",
            title: t("f.at_once"),
            cell: (c) => c.at_once,
            value: (c) => c.at_once,
            end: true,
          },
          {
            id: "state_at",
            title: t("f.since"),
            cell: (c) => <Time at={c.state_at} near />,
            value: (c) => c.state_at,
          },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/connections", { params: { query: { cursor, size: 50 } } }))
        }
        detail={(id) => <Detail id={id} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("connections.empty"), text: t("connections.empty_text") }}
      />
    </Screen>
  );
}

function Detail({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const skuName = useSkuName();
  const params = { path: { connection_id: id } };
  const {
    data: one,
    error,
    refetch,
  } = useQuery({
    queryKey: ["connections", id],
    queryFn: () => got(api.GET("/console/v1/connections/{connection_id}", { params })),
  });
  const score = useQuery({
    queryKey: ["connections", "score", id],
    queryFn: () =>
      got(
        api.GET("/console/v1/connections/{connection_id}/score", {
          params: { ...params, query: { days: 7 } },
        }),
      ),
  });
  const offers = useQuery({
    queryKey: ["connections", "offers", id],
    queryFn: () =>
      got(api.GET("/console/v1/offers", { params: { query: { connection_id: id, size: 100 } } })),
  });
  const turn = useAct(
    (given: Of<"SwitchIn">) =>
      got(api.POST("/console/v1/connections/{connection_id}/switch", { params, body: given })),
    "connections",
    "names",
  );
  const attempt = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/try", { params })),
    "connections",
  );
  const pull = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/pull", { params })),
    "connections",
  );
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!one) return <Bones />;
  const percent = (bp: number) => `${(bp / 100).toFixed(1)} %`;
  return (
    <>
      {may("supply.write") && (
        <div className="acts" style={{ marginBottom: 16 }}>
          {one.state === "off" ? (
            <AskButton
              label={t("connections.on")}
              effect={t("connections.on_text")}
              primary
              testid="switch-on"
              run={() => turn.mutateAsync({ state: "on" })}
            />
          ) : (
            <DangerConfirm
              label={t("connections.off")}
              effect={t("connections.off_text")}
              type={one.name}
              reason="may"
              testid="switch-off"
              run={(reason) => turn.mutateAsync({ state: "off", reason })}
            />
          )}
          <Button loading={attempt.isPending} onClick={() => attempt.mutate(undefined)}>
            {t("connections.try")}
          </Button>
          <Button loading={pull.isPending} onClick={() => pull.mutate(undefined)}>
            {t("connections.pull")}
          </Button>
          {pull.data && <span className="muted">{t("connections.pulled", { ...pull.data })}</span>}
        </div>
      )}
      <Descriptions
        pairs={[
          [
            t("f.status"),
            <StatusTag
              key="s"
              kind="connection"
              code={one.state}
              tone={one.state === "on" ? "good" : undefined}
            />,
          ],
          [t("f.reason"), one.reason],
          [t("f.protocol"), one.protocol],
          [t("f.address"), <code key="u">{one.base_url}</code>],
          [t("f.account"), <code key="a">{one.account}</code>],
          [t("f.balance"), <Money key="b" value={one.balance} />],
          [t("f.pull_s"), t("seconds", { count: one.pull_s })],
          [t("f.callback"), <CopyCode key="c" text={one.callback_path} />],
        ]}
      />
      {score.data && (
        <Part title={t("connections.score")}>
          <Descriptions
            pairs={[
              [t("f.grade"), <StatusTag key="g" kind="grade" code={score.data.grade} />],
              [t("f.points"), score.data.points],
              [t("f.purchases"), score.data.purchases],
              [t("f.success"), percent(score.data.success_bp)],
              [t("f.unknown"), percent(score.data.unknown_bp)],
              [t("f.late"), score.data.late],
              [t("f.reversed"), score.data.reversed],
              [
                t("f.p95"),
                score.data.p95_ms === null ? "–" : t("milliseconds", { count: score.data.p95_ms }),
              ],
            ]}
          />
        </Part>
      )}
      <Part title={t("connections.offers")}>
        <Small
          rows={offers.data?.items ?? []}
          keyOf={(offer) => offer.id}
          none={t("connections.no_offers")}
          columns={[
            [t("f.sku"), (offer) => skuName(offer.sku_id)],
            [t("f.article"), (offer) => `${offer.good_id} ${offer.good_name}`],
            [t("f.cost"), (offer) => <Money value={offer.unit_cost} unit />, "end"],
            [t("f.stock"), (offer) => offer.stock ?? "–", "end"],
            [
              t("f.status"),
              (offer) => (
                <StatusTag kind="offer" code={offer.state} tone={offer.state === "on" ? "good" : undefined} />
              ),
            ],
            [t("f.seen_at"), (offer) => <Time at={offer.seen_at} near />],
          ]}
        />
      </Part>
    </>
  );
}
