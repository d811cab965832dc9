import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { Part, Small, StatusTag, Time } from "@/ui";

/** What was tried at suppliers for one's order; a supplier shows two digits of his number. */
export function Tried({ of }: { of: Of<"TriedOut">[] }) {
  const { t } = useTranslation();
  if (!of.length) return null;
  return (
    <Part title={t("own.orders.tried")}>
      <Small
        rows={of}
        keyOf={(one) => `${one.line_no}.${one.n}`}
        none=""
        columns={[
          [t("f.try"), (one) => `${one.line_no}.${one.n}`],
          [t("f.supplier"), (one) => one.supplier],
          [t("f.status"), (one) => <StatusTag kind="order" code={one.result} />],
          [t("f.called_at"), (one) => <Time at={one.at} />],
          [t("f.ended_at"), (one) => (one.ended_at ? <Time at={one.ended_at} /> : "–")],
        ]}
      />
    </Part>
  );
}
