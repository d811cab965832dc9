import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, Descriptions, Input, Money, moneyText, StatusTag, Time, useAct, Whole } from "@/ui";

type Offer = Of<"MyOfferOut">;

export const OFFER_TONES = { on: "good", held: "warn", off: "off" } as const;

export function OfferDetail({ row }: { row: Offer }) {
  const { t } = useTranslation();
  const may = useMay();
  const [stock, setStock] = useState<number | null>(row.stock ?? 0);
  const [cost, setCost] = useState((row.held_cost ?? row.unit_cost).amount);
  const currency = row.unit_cost.currency;
  const told = (row.held_cost ?? row.unit_cost).amount;
  const declare = useAct(
    () =>
      got(
        api.PUT("/console/v1/declared/{offer_id}", {
          params: { path: { offer_id: row.id } },
          body: { stock: stock ?? 0, unit_cost: cost === told ? null : { amount: cost, currency } },
        }),
      ),
    "my-offers",
    "supply",
  );
  return (
    <>
      {row.by_people && may("own.supply.write") && (
        <div className="acts gap">
          <AskButton
            label={t("supply.declare")}
            effect={t("supply.declare_text")}
            primary
            testid="declare"
            ready={stock !== null && stock >= 0 && /^\d{1,12}(\.\d{1,4})?$/.test(cost)}
            run={() => declare.mutateAsync(undefined)}
          >
            <label className="field">
              <span>{t("supply.stock_now")}</span>
              <Whole min={0} max={1_000_000} value={stock} change={setStock} data-testid="stock" />
            </label>
            <label className="field">
              <span>{t("supply.cost_now", { currency })}</span>
              <Input
                value={cost}
                inputMode="decimal"
                data-testid="cost"
                onChange={(event) => setCost(event.target.value.trim())}
              />
            </label>
          </AskButton>
        </div>
      )}
      {row.held_cost && <p className="effect">{t("supply.held_text", { cost: moneyText(row.held_cost) })}</p>}
      <Descriptions
        pairs={[
          [
            t("f.status"),
            <StatusTag key="s" kind="own_offer_status" code={row.status} tone={OFFER_TONES[row.status]} />,
          ],
          [t("supply.article"), row.good_id],
          [t("f.sku"), row.sku_code],
          [t("f.connection"), row.connection_name],
          [t("f.cost"), <Money key="c" value={row.unit_cost} />],
          row.held_cost ? [t("supply.held_cost"), <Money key="h" value={row.held_cost} />] : null,
          [t("supply.declared"), row.stock],
          [t("supply.asked_of"), row.asked],
          [t("supply.free"), row.free],
          [t("supply.told_at"), <Time key="t" at={row.told_at} />],
        ]}
      />
    </>
  );
}
