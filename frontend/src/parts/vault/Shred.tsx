import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { DangerConfirm, useAct } from "@/ui";

/** The key of a batch is destroyed: its codes can be read by nobody any more. Its whole number is typed, as the server asks for it. */
export function Shred({ batch }: { batch: Of<"BatchOut"> }) {
  const { t } = useTranslation();
  const act = useAct(
    (reason: string) =>
      got(
        api.POST("/console/v1/batches/{batch_id}/shred", {
          params: { path: { batch_id: batch.id } },
          body: { reason, confirmation: batch.id },
        }),
      ),
    "batches",
    "stock",
  );
  const unsold =
    (typeof batch.available === "number" ? batch.available : 0) + batch.frozen + batch.expired > 0;
  return (
    <DangerConfirm
      label={t("shred.act")}
      effect={unsold ? t("shred.unsold") : t("shred.text", { count: batch.received })}
      type={batch.id}
      reason="must"
      testid="shred"
      ready={!unsold}
      run={(reason) => act.mutateAsync(reason)}
    />
  );
}
