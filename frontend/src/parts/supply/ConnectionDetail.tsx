import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useProtocols, useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import {
  AskButton,
  Bones,
  Button,
  CopyCode,
  DangerConfirm,
  Descriptions,
  FaultNote,
  IconGood,
  Money,
  moneyText,
  Part,
  Pending,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { AttachForm } from "./AttachForm";
import { ConnectionForm } from "./ConnectionForm";
import { OfferActs } from "./OfferActs";
import { SupplierGoods } from "./SupplierGoods";

/** A connection: tried, switched, its score, what it offers and what of it we sell. */
export function ConnectionDetail({ id }: { id: string }) {
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
  const subscribe = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/subscribe", { params })),
    "connections",
  );
  const protocols = useProtocols();
  const attempt = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/try", { params })),
    "connections",
  );
  const pull = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/pull", { params })),
    "connections",
  );
  if (error && !one) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!one) return <Bones />;
  const people = one.protocol === "people";
  const percent = (bp: number) => `${(bp / 100).toFixed(1)} %`;
  return (
    <>
      {may("supply.write") && (
        <div className="acts gap">
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
          <ConnectionForm connection={one} />
          <Button loading={attempt.isPending} data-testid="try" onClick={() => attempt.mutate(undefined)}>
            {t("connections.try")}
          </Button>
          <Button loading={pull.isPending} onClick={() => pull.mutate(undefined)}>
            {t("connections.pull")}
          </Button>
          {protocols.find(({ name }) => name === one.protocol)?.subscribes && (
            <AskButton
              label={t("told.subscribe")}
              effect={t("told.subscribe_text")}
              testid="subscribe"
              run={() => subscribe.mutateAsync(undefined)}
            />
          )}
          {attempt.data && (
            <span className="tag good" data-testid="tried">
              <IconGood aria-hidden /> {t("connect.tried")} <Money value={attempt.data.balance} />
            </span>
          )}
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
      {score.error && !score.data && <Pending of={score} />}
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
      <Part title={t("connections.offers")} actions={people && <AttachForm connection={one} people />}>
        <Small
          of={offers}
          rows={offers.data?.items ?? []}
          keyOf={(offer) => offer.id}
          none={t("connections.no_offers")}
          columns={[
            [
              t("f.sku"),
              (offer) => (
                <span className="two">
                  {skuName(offer.sku_id)}
                  <small className="muted">{`${offer.good_id} ${offer.good_name}`}</small>
                </span>
              ),
            ],
            [t("f.cost"), (offer) => <Money value={offer.unit_cost} unit />, "end"],
            [t("f.stock"), (offer) => offer.stock ?? "–", "end"],
            [
              t("f.status"),
              (offer) => (
                <span className="two">
                  <StatusTag
                    kind="offer"
                    code={offer.state}
                    tone={offer.state === "on" ? "good" : undefined}
                  />
                  <small className="muted">
                    <Time at={offer.seen_at} near />
                  </small>
                </span>
              ),
            ],
            [
              "",
              (offer) =>
                may("supply.write") && (
                  <>
                    <OfferActs offer={{ ...offer, offer_id: offer.id, on: offer.state === "on" }} />
                    <HeldCost offer={offer} />
                  </>
                ),
            ],
          ]}
        />
      </Part>
      {!people && <SupplierGoods connection={one} attached={offers.data?.items ?? []} />}
    </>
  );
}

/** A cost that jumped waits for a person; nothing is bought meanwhile. */
function HeldCost({ offer }: { offer: Of<"OfferOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const decide = useAct(
    (accept_held: boolean) =>
      got(
        api.PATCH("/console/v1/offers/{offer_id}", {
          params: { path: { offer_id: offer.id } },
          body: { accept_held },
        }),
      ),
    "connections",
    "offers",
  );
  if (!offer.held_cost || !may("pricing.write")) return null;
  return (
    <span className="acts">
      <AskButton
        label={t("connect.take_cost")}
        effect={t("connect.held", { cost: moneyText(offer.held_cost, true) })}
        run={() => decide.mutateAsync(true)}
      />
      <AskButton label={t("connect.keep_cost")} run={() => decide.mutateAsync(false)} />
    </span>
  );
}
