import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMe } from "@/api/session";
import { Money, moneyText, Part, Pending, Small } from "@/ui";
import { DayField, isDay } from "@/ui/form";
import { startOf } from "@/ui/Time";

/** What stands open in other currencies, and what closing it now would gain or lose. */
export function Positions() {
  const { t } = useTranslation();
  const read = useQuery({
    queryKey: ["positions"],
    queryFn: () => got(api.GET("/console/v1/exchange/positions")),
  });
  return (
    <Part title={t("rates.positions")}>
      <Small
        of={read}
        rows={read.data ?? []}
        keyOf={(one) => one.open.currency}
        none={t("rates.no_positions")}
        columns={[
          [t("rates.currency"), (one) => one.open.currency],
          [t("rates.open"), (one) => <Money value={one.open} />, "end"],
          [t("rates.book"), (one) => <Money value={one.book} />, "end"],
          [t("rates.value"), (one) => <Money value={one.value} />, "end"],
          [t("rates.unrealised"), (one) => <Money value={one.unrealised} />, "end"],
        ]}
      />
    </Part>
  );
}

/** What rates gained or lost as positions closed, as it was posted. */
export function Realised() {
  const { t } = useTranslation();
  const { zone } = useMe().mall;
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const query = {
    from_at: isDay(from) ? startOf(from, zone) : undefined,
    to_at: isDay(to) ? startOf(to, zone, 1) : undefined,
  };
  const read = useQuery({
    queryKey: ["positions", "result", query],
    queryFn: () => got(api.GET("/console/v1/exchange/result", { params: { query } })),
  });
  return (
    <Part title={t("rates.result")}>
      <div className="acts gap">
        <DayField label={t("f.from")} value={from} change={setFrom} />
        <DayField label={t("f.to")} value={to} change={setTo} />
      </div>
      {read.data ? (
        <p data-testid="rates-result">{t("rates.total", { amount: moneyText(read.data.total) })}</p>
      ) : (
        <Pending of={read} />
      )}
      {read.data && read.data.items.length > 0 && (
        <Small
          rows={read.data.items}
          keyOf={(one) => one.currency}
          none=""
          columns={[
            [t("rates.currency"), (one) => one.currency],
            [t("rates.movements"), (one) => one.movements, "end"],
            [t("rates.result"), (one) => <Money value={one.result} />, "end"],
          ]}
        />
      )}
    </Part>
  );
}
