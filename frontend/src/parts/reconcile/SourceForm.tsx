import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useChoices } from "@/i18n/choices";
import { Pending } from "@/ui";
import { FormButton } from "@/ui/form";

/** How statements come, and from which hour on one is missed. */
export function SourceForm({ connection }: { connection: string }) {
  const { t } = useTranslation();
  const choices = useChoices();
  const may = useMay();
  const params = { path: { connection_id: connection } };
  const known = useQuery({
    queryKey: ["statements", "source", connection],
    enabled: may("settlement.read"),
    queryFn: () => got(api.GET("/console/v1/connections/{connection_id}/statement-source", { params })),
  });
  const { data } = known;
  if (!may("settlement.write")) return null;
  if (!data) return known.error ? <Pending of={known} /> : null;
  return (
    <FormButton
      name={`source-${connection}`}
      label={t("source.title")}
      touched={["statements"]}
      fields={[
        {
          kind: "choice",
          name: "by",
          label: t("source.by"),
          must: true,
          choices: choices("statement_source", ["file", "api"]),
        },
        {
          kind: "whole",
          name: "hour",
          label: t("source.hour"),
          least: 0,
          most: 23,
          half: true,
          hint: t("source.hour_hint"),
        },
        {
          kind: "text",
          name: "zone",
          label: t("source.zone"),
          most: 64,
          half: true,
          code: true,
          example: "Asia/Shanghai",
          hint: t("source.zone_hint"),
        },
      ]}
      first={{ by: data.by, hour: data.hour, zone: data.zone }}
      send={(sent) =>
        got(
          api.PUT("/console/v1/connections/{connection_id}/statement-source", {
            params,
            body: sent as unknown as Of<"SourceIn">,
          }),
        )
      }
    />
  );
}
