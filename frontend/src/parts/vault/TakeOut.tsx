import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { DangerConfirm, Descriptions, Money, times, useAct, Whole } from "@/ui";

/** Codes leave the stock for good, as far as they are unsold: written off, or back to their supplier. First what it comes to. */
export function TakeOut({ batch, how }: { batch: Of<"BatchOut">; how: "void" | "return" }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState<number | null>(1);
  const [last, setLast] = useState<number | null>(batch.received);
  const act = useAct(
    (reason: string) => {
      const asked = {
        params: { path: { batch_id: batch.id } },
        body: { reason, first: first ?? 0, last: last ?? 0 },
      };
      return got(
        how === "void"
          ? api.POST("/console/v1/batches/{batch_id}/void", asked)
          : api.POST("/console/v1/batches/{batch_id}/return", asked),
      );
    },
    "batches",
    "stock",
  );
  const unsold = (typeof batch.available === "number" ? batch.available : 0) + batch.frozen + batch.expired;
  const wanted = first && last && first <= last ? last - first + 1 : 0;
  const most = Math.min(unsold, wanted);
  return (
    <DangerConfirm
      label={t(how === "void" ? "vault.void" : "vault.return")}
      effect={t(how === "void" ? "vault.void_text" : "vault.return_text")}
      type={batch.id.slice(-6)}
      reason="must"
      testid={how}
      disabled={unsold === 0}
      ready={wanted > 0}
      run={(reason) => act.mutateAsync(reason)}
    >
      <Descriptions
        pairs={[
          [t("vault.most_codes"), most.toLocaleString()],
          [t("vault.most_worth"), <Money key="m" value={times(batch.unit_cost, most)} />],
        ]}
      />
      <label className="field">
        <span>{t("vault.range")}</span>
        <span className="acts">
          <Whole aria-label={t("vault.first")} min={1} max={batch.received} value={first} change={setFirst} />
          –
          <Whole aria-label={t("vault.last")} min={1} max={batch.received} value={last} change={setLast} />
        </span>
      </label>
    </DangerConfirm>
  );
}
