import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useSupplierName } from "@/api/names";
import { Money, Small } from "@/ui";
import { Excluded } from "./Excluded";

type One = Of<"WeighedOut"> & { at?: string };

/** The record of a choice: every offer that was weighed, and the one it fell on. `at`: for which try, where there are several. */
export function Weighed({ of }: { of: One[] }) {
  const { t } = useTranslation();
  const supplier = useSupplierName();
  if (!of.length) return null;
  return (
    <Small
      rows={of}
      keyOf={(one) => `${one.at ?? ""} ${one.offer_id}`}
      none=""
      columns={[
        ...(of[0]?.at === undefined
          ? []
          : [[t("f.try"), (one: One) => one.at] as [string, (one: One) => string]]),
        [t("f.supplier"), (one) => supplier(one.supplier_id)],
        [t("f.cost"), (one) => <Money value={one.unit_cost} unit />, "end"],
        [t("supply.score"), (one) => <Money value={one.score} unit />, "end"],
        [
          t("supply.why"),
          (one) =>
            one.excluded ? <Excluded code={one.excluded} /> : t(one.taken ? "supply.taken" : "supply.fit"),
        ],
      ]}
    />
  );
}
