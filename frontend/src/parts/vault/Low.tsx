import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { Go } from "@/parts/Go";
import { DataTable, IconGood, StatusTag } from "@/ui";

type Low = Of<"LowOut">;

/** Goods at or below their alarm line, the soonest to run out first. */
export function LowStock() {
  const { t } = useTranslation();
  const said = useSaid();
  const me = useMe();
  const days = (one: Low): string =>
    one.available === 0 ? "0" : one.days_left === null ? "–" : String(one.days_left);
  return (
    <DataTable<Low>
      id="low"
      label={t("low.title")}
      rowKey={(one) => one.sku_id}
      columns={[
        {
          id: "sku",
          title: t("f.sku"),
          value: (one) => one.sku_code,
          cell: (one) => (
            <Link to="/c/$org/goods" params={{ org: me.mall.slug }} search={{ open: one.sku_id }}>
              {one.sku_code} {said({ zh: one.name_zh, en: one.name_en })}
            </Link>
          ),
        },
        { id: "status", title: t("f.status"), cell: (one) => <StatusTag kind="sku" code={one.status} /> },
        {
          id: "available",
          title: t("low.available"),
          end: true,
          value: (one) => one.available,
          cell: (one) => one.available,
        },
        {
          id: "threshold",
          title: t("low.threshold"),
          end: true,
          value: (one) => one.threshold,
          cell: (one) => one.threshold,
        },
        { id: "sold", title: t("low.sold"), end: true, value: (one) => one.sold, cell: (one) => one.sold },
        {
          id: "days",
          title: t("low.days"),
          end: true,
          value: (one) => (one.available === 0 ? 0 : (one.days_left ?? 1e9)),
          cell: (one) => <strong>{days(one)}</strong>,
        },
        {
          id: "restocked",
          title: t("nav.restock"),
          cell: (one) =>
            one.restocked ? (
              <>
                <IconGood aria-hidden /> {t("low.restocked")}
              </>
            ) : (
              <span className="muted">–</span>
            ),
        },
      ]}
      load={() => got(api.GET("/console/v1/stock/low"))}
      empty={{
        title: t("low.empty"),
        text: t("low.empty_text"),
        action: (
          <Go
            needs="supply.write"
            page="restock"
            search={{ tab: "policies" }}
            label={t("restock.policies")}
          />
        ),
      }}
    />
  );
}
