import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { Positions, Realised } from "@/parts/money/Exchange";
import { RateFile, RateForm, RateLimitsForm } from "@/parts/money/RateForms";
import { Who } from "@/parts/Who";
import { DataTable, Part, Pending, Small, StatusTag, Time } from "@/ui";

type Rate = Of<"RateOut">;

/** What other currencies are worth in the mall's, since when and by whom; never changed, a newer one follows. */
export function Rates() {
  const { t } = useTranslation();
  const may = useMay();
  const { currency: against } = useMe().mall;
  const now = useQuery({ queryKey: ["rates-now"], queryFn: () => got(api.GET("/console/v1/rates/current")) });
  const limits = useQuery({
    queryKey: ["rates-limits"],
    queryFn: () => got(api.GET("/console/v1/rates/limits")),
  });
  if (!may("pricing.read")) return <Positions />;
  return (
    <>
      <p className="muted gap">{t("rates.text", { against })}</p>
      {may("pricing.write") && (
        <div className="acts gap">
          <RateForm against={against} />
          <RateFile />
          {limits.data ? <RateLimitsForm limits={limits.data} /> : <Pending of={limits} />}
        </div>
      )}
      <Part title={t("rates.now")}>
        <Small
          of={now}
          rows={now.data ?? []}
          keyOf={(one) => one.currency}
          none={t("rates.none")}
          columns={[
            [t("rates.currency"), (one) => one.currency],
            [t("rates.rate"), (one) => one.rate?.rate ?? "–", "end"],
            [
              t("f.status"),
              (one) =>
                one.rate && (
                  <StatusTag
                    kind="rate"
                    code={one.stale ? "stale" : "in_force"}
                    tone={one.stale ? "warn" : "good"}
                  />
                ),
            ],
            [t("f.valid_from"), (one) => <Time at={one.rate?.valid_from} />],
            [t("f.source"), (one) => one.rate?.source ?? "–"],
            [
              t("rates.later"),
              (one) =>
                one.later.length === 0
                  ? "–"
                  : one.later.map((next) => (
                      <span key={next.id} className="two">
                        {next.rate}
                        <small className="muted">
                          <Time at={next.valid_from} />
                        </small>
                      </span>
                    )),
            ],
          ]}
        />
      </Part>
      <Positions />
      <Realised />
      <h2>{t("rates.history")}</h2>
      <DataTable<Rate>
        id="rates"
        label={t("rates.history")}
        rowKey={(one) => one.id}
        filters={[
          {
            id: "currency",
            label: t("rates.currency"),
            choices: (now.data ?? []).map(({ currency }) => ({ value: currency, label: currency })),
          },
        ]}
        columns={[
          { id: "currency", title: t("rates.currency"), cell: (one) => one.currency },
          { id: "rate", title: t("rates.rate"), cell: (one) => one.rate, end: true },
          { id: "from", title: t("f.valid_from"), cell: (one) => <Time at={one.valid_from} /> },
          { id: "source", title: t("f.source"), cell: (one) => <span className="wrap">{one.source}</span> },
          { id: "by", title: t("f.author"), cell: (one) => <Who by={one.set_by} /> },
          { id: "at", title: t("rates.set_at"), cell: (one) => <Time at={one.set_at} near /> },
        ]}
        load={({ currency, cursor }) =>
          got(api.GET("/console/v1/rates", { params: { query: { currency, cursor, size: 50 } } }))
        }
        empty={{ title: t("rates.none"), text: t("rates.none_text") }}
      />
    </>
  );
}
