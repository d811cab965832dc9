import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { OFFER_TONES, OfferDetail } from "@/parts/myoffers/OfferDetail";
import { OfferSheet } from "@/parts/myoffers/OfferSheet";
import { DataTable, Money, Screen, StatusTag, Time } from "@/ui";

type Offer = Of<"MyOfferOut">;
const STATES = ["on", "held", "off"] as const;
export default function Offers() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const may = useMay();
  return (
    <Screen
      title={t("nav.my-offers")}
      text={t("supply.offers_text")}
      actions={may("own.supply.write") && <OfferSheet />}
    >
      <DataTable<Offer>
        id="my-offers"
        label={t("nav.my-offers")}
        rowKey={(o) => o.id}
        find={t("supply.find")}
        filters={[
          {
            id: "status",
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("own_offer_status", value) })),
          },
        ]}
        columns={[
          { id: "good", title: t("supply.article"), cell: (o) => o.good_name || o.good_id, sort: "good_id" },
          { id: "sku", title: t("f.sku"), cell: (o) => said({ zh: o.sku_zh, en: o.sku_en }) },
          {
            id: "status",
            title: t("f.status"),
            cell: (o) => <StatusTag kind="own_offer_status" code={o.status} tone={OFFER_TONES[o.status]} />,
          },
          {
            id: "cost",
            title: t("f.cost"),
            cell: (o) => <Money value={o.unit_cost} />,
            sort: "unit_cost",
            end: true,
          },
          { id: "held", title: t("supply.held_cost"), cell: (o) => <Money value={o.held_cost} />, end: true },
          { id: "stock", title: t("supply.declared"), cell: (o) => o.stock ?? "–", end: true },
          { id: "free", title: t("supply.free"), cell: (o) => o.free ?? "–", end: true },
          { id: "told", title: t("supply.told_at"), cell: (o) => <Time at={o.told_at} near />, hidden: true },
        ]}
        load={({ q, status, sort, cursor }) =>
          got(
            api.GET("/console/v1/own/offers", {
              params: {
                query: {
                  q,
                  status: status ? [status as Offer["status"]] : undefined,
                  sort,
                  cursor,
                  size: 50,
                },
              },
            }),
          )
        }
        totals={({ q, status }) =>
          got(
            api.GET("/console/v1/own/offers/totals", {
              params: { query: { q, status: status ? [status as Offer["status"]] : undefined } },
            }),
          )
        }
        detail={(_id, row) => row && <OfferDetail key={row.id} row={row} />}
        detailTitle={(row, id) => row?.good_name || row?.good_id || id}
        empty={{ title: t("supply.no_offers"), text: t("supply.no_offers_text") }}
      />
    </Screen>
  );
}
