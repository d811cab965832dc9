import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { Descriptions, Money, Part, Pending, StatusTag } from "@/ui";
import { DepositForm } from "./SupplierForms";

/** What a supplier left with the mall as security, beside what his terms ask for. */
export function Deposit({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const read = useQuery({
    queryKey: ["suppliers", "deposit", id],
    queryFn: () =>
      got(api.GET("/console/v1/suppliers/{supplier_id}/deposit", { params: { path: { supplier_id: id } } })),
  });
  const held = read.data;
  return (
    <Part title={t("supplier.deposit")} actions={may("ledger.write") && <DepositForm id={id} />}>
      {held ? (
        <div data-testid="deposit">
          <Descriptions
            pairs={[
              [
                t("f.status"),
                <StatusTag
                  key="s"
                  kind="deposit"
                  code={held.covered ? "covered" : "short"}
                  tone={held.covered ? "good" : "warn"}
                />,
              ],
              [t("kyb.held"), <Money key="h" value={held.held} />],
              [t("kyb.required"), <Money key="r" value={held.required} />],
              !held.covered && [t("kyb.short"), <Money key="m" value={held.missing} />],
            ]}
          />
        </div>
      ) : (
        <Pending of={read} />
      )}
    </Part>
  );
}
