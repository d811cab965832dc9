import { useTranslation } from "react-i18next";
import { type Money as Amount, api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { Descriptions, Money, moneyText, StatusTag, Time } from "@/ui";
import { FormButton } from "@/ui/form";

type Offer = Of<"MyOfferOut">;

export const OFFER_TONES = { on: "good", held: "warn", off: "off" } as const;

export function OfferDetail({ row }: { row: Offer }) {
  const { t } = useTranslation();
  const may = useMay();
  const currency = row.unit_cost.currency;
  const told = (row.held_cost ?? row.unit_cost).amount;
  return (
    <>
      {row.by_people && may("own.supply.write") && (
        <div className="acts gap">
          <FormButton
            name={`declare-${row.id}`}
            label={t("supply.declare")}
            intro={<p className="muted">{t("supply.declare_text")}</p>}
            primary
            touched={["my-offers", "supply"]}
            fields={[
              {
                kind: "whole",
                name: "stock",
                label: t("supply.stock_now"),
                must: true,
                least: 0,
                most: 1_000_000,
              },
              {
                kind: "money",
                name: "unit_cost",
                label: t("supply.cost_now", { currency }),
                currency,
                must: true,
              },
            ]}
            first={{ stock: row.stock ?? 0, unit_cost: told }}
            send={({ stock, unit_cost }) => {
              const cost = unit_cost as Amount;
              return got(
                api.PUT("/console/v1/declared/{offer_id}", {
                  params: { path: { offer_id: row.id } },
                  // A cost that is left as it is was not told anew.
                  body: { stock: Number(stock), unit_cost: cost.amount === told ? null : cost },
                }),
              );
            }}
          />
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
