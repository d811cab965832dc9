import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useSaid } from "@/i18n";
import { Button, Descriptions, Money, Part, Small } from "@/ui";
import "./slip.css";
import { asSold, useSoldName } from "./snapshot";

/** Goods, prices and terms as they were when they were sold, and the slip of it on paper. */
export function Sold({ of }: { of: Of<"SnapshotOut"> | undefined }) {
  const { t } = useTranslation();
  const name = useSoldName(of);
  if (!of) return null;
  return (
    <Part
      title={t("orders.snapshot")}
      actions={
        <Button className="slip" data-testid="print" onClick={() => window.print()}>
          {t("orders.print")}
        </Button>
      }
    >
      <Small
        rows={of.lines}
        keyOf={(one) => `${one.line_no} ${one.bundle_id ?? ""}`}
        none=""
        columns={[
          ["#", (one) => one.line_no],
          [t("f.sku"), (one) => name(one.line_no, one.sku_id)],
          [t("f.version"), (one) => one.version, "end"],
          [t("f.unit_price"), (one) => <Money value={one.unit_price} unit />, "end"],
          [t("f.quantity"), (one) => one.quantity, "end"],
          [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
        ]}
      />
      {of.lines.map((one) => (
        <Terms key={one.line_no} of={one} />
      ))}
    </Part>
  );
}

function Terms({ of }: { of: Of<"SnapshotLine"> }) {
  const { t } = useTranslation();
  const said = useSaid();
  const sku = asSold(of);
  const description = said({ zh: sku.description_zh ?? "", en: sku.description_en ?? "" });
  const guide = said({ zh: sku.guide_zh ?? "", en: sku.guide_en ?? "" });
  return (
    <section aria-label={`#${of.line_no}`}>
      <Descriptions
        pairs={[
          ["#", `${of.line_no} ${sku.code ?? ""}`],
          sku.issuer ? [t("f.issuer"), sku.issuer] : null,
          sku.regions?.length ? [t("f.regions"), sku.regions.join(", ")] : null,
          sku.validity_days ? [t("f.validity"), t("orders.valid_days", { count: sku.validity_days })] : null,
          description ? [t("f.description"), description] : null,
          guide
            ? [
                t("f.guide"),
                <span key="g" className="wrap">
                  {guide}
                </span>,
              ]
            : null,
        ]}
      />
    </section>
  );
}
