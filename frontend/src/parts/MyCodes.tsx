import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Button, CopyCode, FaultNote, Part, Small } from "@/ui";

type Masked = Of<"MaskedOut">;

const SHOWN_MS = 30_000;

/** An order's codes, masked; each is shown by itself, for half a minute, and each look is kept in the audit log. */
export function MyCodes({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["own-orders", "codes", id],
    queryFn: () =>
      got(api.GET("/console/v1/own/orders/{order_id}/codes", { params: { path: { order_id: id } } })),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data?.items.length) return null;
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
          [t("own.f.code"), (one) => <Code order={id} one={one} />],
        ]}
      />
    </Part>
  );
}

function Code({ order, one }: { order: string; one: Masked }) {
  const { t } = useTranslation();
  const [clear, setClear] = useState<string>();
  const [fault, setFault] = useState<unknown>();
  useEffect(() => {
    if (clear === undefined) return;
    const hide = setTimeout(() => setClear(undefined), SHOWN_MS);
    return () => clearTimeout(hide);
  }, [clear]);
  const show = async (): Promise<void> => {
    setFault(undefined);
    try {
      const path = { order_id: order, line_no: one.line_no, position: one.position };
      const code = await got(
        api.POST("/console/v1/own/orders/{order_id}/lines/{line_no}/codes/{position}/reveal", {
          params: { path },
          body: { reason: "" },
        }),
      );
      setClear(code.secret);
    } catch (error) {
      setFault(error);
    }
  };
  if (clear !== undefined) return <CopyCode text={clear} />;
  return (
    <span className="copy">
      <code>{one.masked}</code>
      <Button size="small" data-testid={`reveal-${one.line_no}-${one.position}`} onClick={() => void show()}>
        {t("own.orders.reveal")}
      </Button>
      <FaultNote error={fault} />
    </span>
  );
}
