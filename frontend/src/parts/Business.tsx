import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useDesk } from "@/api/desk";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { type Field, FormButton, type Values } from "@/ui/form";

const BUSINESSES = [
  "general",
  "group_leader",
  "online_seller",
  "gift_company",
  "topup_dealer",
] as const satisfies readonly Of<"BuyerOut">["business"][];

/** What a buyer does with what he buys. */
export function useBusiness(hint: string): Field {
  const { t } = useTranslation();
  const choices = useChoices();
  return {
    kind: "choice",
    name: "business",
    label: t("f.business"),
    hint,
    choices: choices("business", BUSINESSES),
  };
}

/** The company's own: who keeps its people may say it, and the console is arranged anew. */
export function Business() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const desk = useDesk();
  const field = useBusiness(t("own.business_hint"));
  if (!desk || !may("own.people.write")) return null;
  return (
    <FormButton<Of<"MyBusinessOut">>
      name="business"
      label={t("own.business", { business: word("business", desk.business) })}
      title={t("f.business")}
      touched={["desk"]}
      fields={[field]}
      first={{ business: desk.business }}
      version={desk.version}
      fresh={async () => {
        const now = await got(api.GET("/console/v1/own/business"));
        return { values: { business: now.business } as Values, version: now.version };
      }}
      send={(sent, { version }) => {
        const body = { ...sent, version } as Of<"BusinessIn">;
        return got(api.PUT("/console/v1/own/business", { body }));
      }}
    />
  );
}
