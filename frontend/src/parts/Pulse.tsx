import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { Bones, FaultNote, moneyText, Part } from "@/ui";
import { Spark } from "@/ui/Spark";

type Pulse = Of<"PulseOut">;

/** Today beside the same day a week ago. Numbers are compared until the same moment, lines show both days. */
export default function PulseStrip() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ["orders", "pulse"],
    refetchInterval: 60_000,
    queryFn: () => got(api.GET("/console/v1/pulse")),
  });
  const share = (one: Pulse["today"]) =>
    one.pieces ? `${((100 * one.delivered) / one.pieces).toFixed(1)} %` : "–";
  return (
    <Part title={t("pulse.title")}>
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      <div className="cards">
        {data && (
          <>
            <Link
              to="/c/$org/orders"
              params={{ org: me.mall.slug }}
              search={{ from: data.day }}
              className="todo"
              data-testid="pulse-orders"
            >
              <strong>{data.today.orders.toLocaleString()}</strong>
              <span>{t("pulse.orders")}</span>
              <small>{t("pulse.then", { value: data.then.orders.toLocaleString() })}</small>
              <Spark
                label={t("pulse.orders_line")}
                now={data.hours.map((h) => h.orders)}
                then={data.hours.map((h) => h.then_orders)}
              />
            </Link>
            <div className="todo">
              <strong>{moneyText(data.today.amount)}</strong>
              <span>{t("pulse.amount")}</span>
              <small>{t("pulse.then", { value: moneyText(data.then.amount) })}</small>
              <Spark
                label={t("pulse.amount_line")}
                now={data.hours.map((h) => Number(h.amount.amount))}
                then={data.hours.map((h) => Number(h.then_amount.amount))}
              />
            </div>
            {data.today.profit && data.then.profit && (
              <div className="todo">
                <strong>{moneyText(data.today.profit)}</strong>
                <span>{t("pulse.profit")}</span>
                <small>{t("pulse.then", { value: moneyText(data.then.profit) })}</small>
              </div>
            )}
            <div className="todo">
              <strong>{share(data.today)}</strong>
              <span>{t("pulse.delivered")}</span>
              <small>{t("pulse.then", { value: share(data.then) })}</small>
            </div>
          </>
        )}
      </div>
    </Part>
  );
}
