import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { CopyCode, Part, Small, Time } from "@/ui";
import { Told } from "./Told";

/** What the buyer was told by webhook, and what the log of custody holds of the order. */
export function Events({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  return (
    <>
      <Told id={data.order.id} />
      {may("provenance.read") && (
        <Part
          title={t("order.custody")}
          actions={<Proof href={`/console/v1/orders/${data.order.id}/proof`} />}
        >
          <Small
            rows={data.custody ?? []}
            keyOf={(one) => String(one.n)}
            none={t("order.no_custody")}
            columns={[
              ["#", (one) => one.n],
              [t("f.kind"), (one) => word("custody_kind", one.kind)],
              [t("f.at"), (one) => <Time at={one.at} />],
              [t("custody.commitment"), (one) => <CopyCode text={one.leaf} short />],
            ]}
          />
        </Part>
      )}
    </>
  );
}

export function Proof({ href }: { href: string }) {
  const { t } = useTranslation();
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {t("own.orders.proof")}
    </a>
  );
}
