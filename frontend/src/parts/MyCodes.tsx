import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { FaultNote, Part, RevealCode, Small } from "@/ui";

/** An order's codes, masked; each is shown by itself, for half a minute, and each look is kept. */
export function MyCodes({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["own-orders", "codes", id],
    queryFn: () =>
      got(api.GET("/console/v1/own/orders/{order_id}/codes", { params: { path: { order_id: id } } })),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data?.items.length) return null;
  const lines = [...new Set(data.items.map((one) => one.line_no))];
  return (
    <Part title={t("own.orders.codes")}>
      <p className="muted">{t("own.orders.codes_text")}</p>
      <Small
        rows={data.items}
        keyOf={(one) => `${one.line_no}.${one.position}`}
        none=""
        columns={[
          ["#", (one) => `${one.line_no}.${one.position}`],
          [t("own.f.number"), (one) => one.number ?? "–"],
          [t("own.f.code"), (one) => <code>{one.masked}</code>],
        ]}
      />
      {lines.map((line) => (
        <section key={line} aria-label={t("own.orders.reveal", { line })}>
          {lines.length > 1 && <h3>{t("own.orders.reveal", { line })}</h3>}
          <RevealCode
            count={data.items.filter((one) => one.line_no === line).length}
            show={(position, reason) =>
              got(
                api.POST("/console/v1/own/orders/{order_id}/lines/{line_no}/codes/{position}/reveal", {
                  params: { path: { order_id: id, line_no: line, position } },
                  body: { reason },
                }),
              )
            }
          />
        </section>
      ))}
    </Part>
  );
}
