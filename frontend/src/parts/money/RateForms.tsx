import { useTranslation } from "react-i18next";
import { api, faultOf, got, type Of, send } from "@/api/client";
import { FormButton } from "@/ui/form";

const TOUCHED = ["rates", "rates-now", "positions"];
const HOUR = 3600;

/** A newer rate, from now or from an instant on; what was bought before keeps its own. */
export function RateForm({ against }: { against: string }) {
  const { t } = useTranslation();
  return (
    <FormButton
      name="rate"
      label={t("rates.new")}
      primary
      touched={TOUCHED}
      codes={{ rate_jumped: "confirm", rate_in_the_past: "valid_from", rate_unneeded: "currency" }}
      fields={[
        {
          kind: "text",
          name: "currency",
          label: t("rates.currency"),
          must: true,
          most: 3,
          code: true,
          half: true,
        },
        {
          kind: "text",
          name: "rate",
          label: t("rates.rate"),
          must: true,
          most: 15,
          code: true,
          half: true,
          hint: t("rates.rate_hint", { against }),
        },
        {
          kind: "moment",
          name: "valid_from",
          label: t("f.valid_from"),
          hint: t("rates.from_hint"),
          none: null,
        },
        {
          kind: "text",
          name: "source",
          label: t("f.source"),
          must: true,
          most: 200,
          hint: t("rates.source_hint"),
        },
        { kind: "yes", name: "confirm", label: t("rates.confirm"), also: ["rate_jumped"] },
      ]}
      first={{ currency: "", rate: "", valid_from: "", source: "", confirm: false }}
      send={({ source, confirm, currency, ...rate }) =>
        got(
          api.POST("/console/v1/rates", {
            body: {
              source: String(source),
              confirm: confirm === true,
              rates: [{ ...rate, currency: String(currency).toUpperCase() } as unknown as Of<"RateIn">],
            },
          }),
        )
      }
    />
  );
}

/** A file of rates: all of them, or none. */
export function RateFile() {
  const { t } = useTranslation();
  return (
    <FormButton
      name="rate-file"
      label={t("rates.file")}
      touched={TOUCHED}
      intro={<p className="muted">{t("rates.file_text")}</p>}
      codes={{ rate_jumped: "confirm", rates_faulty: "file" }}
      fields={[
        {
          kind: "file",
          name: "file",
          label: t("f.file"),
          must: true,
          accept: ".csv,.txt,.xlsx",
          also: ["*"],
        },
        {
          kind: "text",
          name: "source",
          label: t("f.source"),
          must: true,
          most: 200,
          hint: t("rates.source_hint"),
        },
        { kind: "yes", name: "confirm", label: t("rates.confirm") },
      ]}
      first={{ file: null, source: "", confirm: false }}
      send={async (sent) => {
        const { file, source, confirm } = sent as { file: File; source: string; confirm: boolean };
        const query = new URLSearchParams({
          source,
          file_name: file.name,
          confirm: String(confirm === true),
        });
        const type = file.name.endsWith(".xlsx")
          ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          : "text/csv";
        const answer = await send(`/console/v1/rates/file?${query}`, {
          method: "POST",
          headers: { "Content-Type": type },
          body: file,
        });
        if (!answer.ok) throw faultOf(answer, await answer.json().catch(() => undefined));
        return answer.json();
      }}
    />
  );
}

/** When a rate is too old to buy by, and which move wants to be confirmed. */
export function RateLimitsForm({ limits }: { limits: Of<"RateLimits"> }) {
  const { t } = useTranslation();
  return (
    <FormButton
      name="rate-limits"
      label={t("rates.limits")}
      touched={["rates-limits", ...TOUCHED]}
      fields={[
        {
          kind: "whole",
          name: "hours",
          label: t("rates.stale_after"),
          must: true,
          least: 1,
          most: 8760,
          unit: t("rates.hours"),
          also: ["stale_after_s"],
        },
        { kind: "percent", name: "jump_bp", label: t("rates.jump"), hint: t("rates.jump_hint") },
      ]}
      first={{ hours: Math.round((limits.stale_after_s ?? 0) / HOUR), jump_bp: limits.jump_bp ?? 0 }}
      send={({ hours, jump_bp }) =>
        got(
          api.PUT("/console/v1/rates/limits", {
            body: { stale_after_s: Number(hours) * HOUR, jump_bp: Number(jump_bp) },
          }),
        )
      }
    />
  );
}
