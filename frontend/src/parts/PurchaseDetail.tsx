import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { codesOf, useBrought } from "@/parts/Brought";
import { OrderDetail } from "@/parts/OrderDetail";
import { AskButton, Descriptions, Money, Part, StatusTag, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

type Row = Of<"PurchaseOut">;

export function PurchaseDetail({ row }: { row: Row }) {
  const { t } = useTranslation();
  const may = useMay();
  const brought = useBrought();
  const params = { path: { purchase_id: row.id } };
  const not = useAct(
    (reason: string) =>
      got(
        api.POST("/console/v1/purchases/{purchase_id}/decide", { params, body: { bought: false, reason } }),
      ),
    "purchases",
    "orders",
  );
  return (
    <>
      {may("fulfilment.write") && (
        <div className="acts gap">
          <FormButton
            name={`bought-${row.id}`}
            label={t("purchases.bought")}
            intro={<p className="muted">{t("purchases.bought_text")}</p>}
            primary
            private
            touched={["purchases", "orders"]}
            fields={[
              ...brought,
              { kind: "long", name: "reason", label: t("reason.may"), most: 500, none: "" },
            ]}
            first={{ receipt: "", codes: "", reason: "" }}
            send={(sent) =>
              got(
                api.POST("/console/v1/purchases/{purchase_id}/decide", {
                  params,
                  body: {
                    bought: true,
                    receipt: String(sent.receipt),
                    reason: String(sent.reason),
                    codes: codesOf(sent),
                  },
                }),
              )
            }
          />
          <AskButton
            label={t("purchases.not")}
            effect={t("purchases.not_text")}
            danger
            reason="must"
            testid="not-bought"
            run={(reason) => not.mutateAsync(reason)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="purchase" code={row.status} />],
          [t("f.said"), row.said],
          [t("f.most_unit"), <Money key="m" value={row.most_unit} unit />],
          [t("f.supplier_ref"), row.supplier_ref],
          [t("f.called_at"), <Time key="c" at={row.called_at} />],
          [t("f.next_at"), <Time key="n" at={row.next_at} />],
        ]}
      />
      <Part title={t("f.order")}>
        <OrderDetail id={row.order_id} />
      </Part>
    </>
  );
}
