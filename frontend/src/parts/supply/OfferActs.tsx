import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { AskButton, useAct } from "@/ui";
import { FormButton, type Values } from "@/ui/form";

export interface OfferNow {
  offer_id: string;
  sku_id: string;
  version: number;
  weight: number;
  canary_bp: number;
  on: boolean;
}

const TOUCHED = ["offers", "connections"];

function valuesOf(offer: Pick<OfferNow, "weight" | "canary_bp">): Values {
  return { weight: offer.weight, canary_bp: offer.canary_bp };
}

/** Of one source: its share, and the switch that stops it at once. */
export function OfferActs({ offer }: { offer: OfferNow }) {
  const { t } = useTranslation();
  const path = { offer_id: offer.offer_id };
  const turn = useAct(
    (on: boolean) => got(api.PATCH("/console/v1/offers/{offer_id}", { params: { path }, body: { on } })),
    ...TOUCHED,
  );
  return (
    <span className="acts nowrap">
      <FormButton
        name={`offer-${offer.offer_id}`}
        label={t("supply.share")}
        touched={TOUCHED}
        fields={[
          {
            kind: "whole",
            name: "weight",
            label: t("supply.weight"),
            hint: t("supply.weight_hint"),
            must: true,
            least: 0,
            most: 10_000,
          },
          {
            kind: "percent",
            slide: true,
            name: "canary_bp",
            label: t("supply.canary_share"),
            hint: t("supply.canary_hint"),
          },
        ]}
        first={valuesOf(offer)}
        version={offer.version}
        fresh={async () => {
          const query = { sku_id: offer.sku_id, size: 200 };
          const { items } = await got(api.GET("/console/v1/offers", { params: { query } }));
          const now = items.find((one) => one.id === offer.offer_id) ?? offer;
          return { values: valuesOf(now), version: now.version };
        }}
        send={(sent, { version }) =>
          got(api.PATCH("/console/v1/offers/{offer_id}", { params: { path }, body: { ...sent, version } }))
        }
      />
      <AskButton
        label={offer.on ? t("supply.off") : t("supply.on")}
        effect={offer.on ? t("supply.off_text") : t("supply.on_text")}
        danger={offer.on}
        testid={`offer-${offer.on ? "off" : "on"}`}
        run={() => turn.mutateAsync(!offer.on)}
      />
    </span>
  );
}
