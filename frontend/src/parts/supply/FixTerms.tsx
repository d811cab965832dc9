import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { Pending } from "@/ui";
import { FormButton } from "@/ui/form";

/** How long a buyer may correct an account that a supplier called wrong. */
export function FixTerms() {
  const { t } = useTranslation();
  const may = useMay();
  const read = useQuery({
    queryKey: ["fix-terms"],
    enabled: may("supply.write"),
    queryFn: () => got(api.GET("/console/v1/fix-terms")),
  });
  if (!may("supply.write")) return null;
  if (!read.data) return <Pending of={read} rows={1} />;
  return (
    <FormButton
      name="fix-terms"
      label={t("told.fix_terms")}
      touched={["fix-terms"]}
      version={read.data.version}
      fields={[
        {
          kind: "whole",
          name: "open_minutes",
          label: t("told.fix_minutes"),
          hint: t("told.fix_hint"),
          must: true,
          least: 1,
          unit: t("told.minutes"),
        },
      ]}
      first={{ open_minutes: read.data.open_minutes }}
      send={(sent) => got(api.PUT("/console/v1/fix-terms", { body: sent as unknown as Of<"FixTermsIn"> }))}
    />
  );
}
