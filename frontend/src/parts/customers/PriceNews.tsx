import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, Part, Small, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

/** Which changes of prices and stock a buyer's programs are told of. */
export function PriceNews({ buyer }: { buyer: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { path: { buyer_id: buyer } };
  const reads = may("pricing.read");
  const read = useQuery({
    queryKey: ["price-news", buyer],
    enabled: reads,
    queryFn: () => got(api.GET("/console/v1/buyers/{buyer_id}/price-subscriptions", { params })),
  });
  const drop = useAct(
    (id: string) =>
      got(
        api.DELETE("/console/v1/price-subscriptions/{subscription_id}", {
          params: { path: { subscription_id: id } },
        }),
      ),
    "price-news",
  );
  if (!reads) return null;
  return (
    <Part
      title={t("told.price_news")}
      actions={
        may("pricing.write") && (
          <FormButton
            name={`price-news-${buyer}`}
            label={t("told.follow")}
            touched={["price-news"]}
            fields={[
              { kind: "text", name: "name", label: t("f.name"), must: true, most: 40, code: true },
              {
                kind: "percent",
                name: "threshold_bp",
                label: t("told.threshold"),
                hint: t("told.threshold_hint"),
              },
              { kind: "yes", name: "availability", label: t("told.availability") },
            ]}
            first={{ name: "default", threshold_bp: 0, availability: false }}
            send={(sent) =>
              got(
                api.PUT("/console/v1/buyers/{buyer_id}/price-subscriptions", {
                  params,
                  body: sent as unknown as Of<"SubscriptionIn">,
                }),
              )
            }
          />
        )
      }
    >
      <Small
        of={read}
        rows={read.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("told.no_price_news")}
        columns={[
          [t("f.name"), (one) => one.name],
          [t("f.sku"), (one) => (one.every ? t("told.every") : one.skus), "end"],
          [t("told.threshold"), (one) => `${(one.threshold_bp / 100).toFixed(2)} %`, "end"],
          [t("told.availability"), (one) => (one.availability ? t("yes") : t("no"))],
          [
            "",
            (one) =>
              may("pricing.write") && (
                <AskButton label={t("contact.drop")} danger run={() => drop.mutateAsync(one.id)} />
              ),
          ],
        ]}
      />
    </Part>
  );
}
