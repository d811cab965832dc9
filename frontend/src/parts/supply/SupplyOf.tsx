import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { FaultNote, Money, Part, Picker, Small, StatusTag, Whole } from "@/ui";
import { Excluded } from "./Excluded";
import { OfferActs } from "./OfferActs";
import { PolicyForm } from "./PolicyForm";

type Source = Of<"RouteSourceOut">;

/** Whom a SKU is bought from, and what would happen to a line of it now. */
export function SupplyOf({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const [quantity, setQuantity] = useState<number | null>(1);
  const [buyer, setBuyer] = useState("");
  const { data, error } = useQuery({
    queryKey: ["offers", "route", id, quantity, buyer],
    enabled: !!quantity && quantity > 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      got(
        api.GET("/console/v1/skus/{sku_id}/route", {
          params: { path: { sku_id: id }, query: { quantity: quantity ?? 1, buyer_id: buyer || undefined } },
        }),
      ),
  });
  return (
    <Part
      title={t("supply.title")}
      actions={data && may("supply.write") && <PolicyForm sku={id} policy={data.policy} />}
    >
      <div className="acts gap">
        <label className="inline">
          {t("f.quantity")} <Whole className="short" min={1} value={quantity} change={setQuantity} />
        </label>
        <span className="inline">
          {t("f.buyer")}{" "}
          <Picker
            of="buyer"
            label={t("f.buyer")}
            value={buyer}
            none={t("supply.list_price")}
            change={setBuyer}
          />
        </span>
      </div>
      <FaultNote error={error} />
      {data && (
        <>
          <p data-testid="route-end" data-end={data.end}>
            {t("supply.now")}{" "}
            <StatusTag
              kind="route_end"
              code={data.end}
              tone={
                data.end === "fails" ? "bad" : data.end === "waits" || data.end === "people" ? "warn" : "good"
              }
            />{" "}
            <span className="muted">
              {t("supply.by", {
                strategy: word("supply_strategy", data.policy.strategy),
                tries: data.policy.tries,
              })}
            </span>
          </p>
          <Small<Source>
            rows={data.sources}
            keyOf={(one) => one.offer_id}
            none={t("supply.no_sources")}
            columns={[
              [t("supply.turn"), (one) => one.turn ?? "–", "end"],
              [t("f.connection"), (one) => `${one.connection_name} · ${one.good_name || one.good_id}`],
              [t("f.cost"), (one) => <Money value={one.unit_cost} unit />, "end"],
              [t("supply.score"), (one) => <Money value={one.score} unit />, "end"],
              [t("supply.why"), (one) => <Why of={one} />],
              [t("supply.first"), (one) => `${one.first_bp / 100} %`, "end"],
              [t("f.success"), (one) => `${(one.success_bp / 100).toFixed(1)} %`, "end"],
              ["", (one) => may("supply.write") && <OfferActs offer={{ ...one, sku_id: id }} />],
            ]}
          />
        </>
      )}
    </Part>
  );
}

function Why({ of }: { of: Source }) {
  const { t } = useTranslation();
  if (of.excluded) return <Excluded code={of.excluded} />;
  return of.canary_bp ? t("supply.canary", { share: of.canary_bp / 100 }) : t("supply.fit");
}
