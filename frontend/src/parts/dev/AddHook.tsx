import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { type Field, FormButton, type Values } from "@/ui/form";
import { useRoot } from "./audience";
import { useEvents } from "./events";

type Added = Of<"NewEndpointOut">;

/** An endpoint of one's own company; by the mall's staff one of the mall's, or of a buyer who asked for it. */
export function AddHook({ show }: { show: (secret: string) => void }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const may = useMay();
  const me = useMe();
  const { choices } = useEvents();
  if (!own && !may("notify.write")) return null;
  const whose: Field[] = [
    {
      kind: "choice",
      name: "whose",
      label: t("dev.whose"),
      must: true,
      choices: [
        { value: "mall", label: me.mall.name },
        { value: "buyer", label: t("dev.of_buyer") },
      ],
    },
    {
      kind: "pick",
      of: "buyer",
      name: "organisation_id",
      label: t("f.buyer"),
      must: true,
      nothing: t("byhand.choose"),
      when: (values) => values.whose === "buyer",
    },
  ];
  const send = ({ whose: of, organisation_id, ...sent }: Values): Promise<Added> => {
    if (own) {
      const body = sent as unknown as Of<"OwnEndpointIn">;
      return got(api.POST("/console/v1/own/webhook-endpoints", { body }));
    }
    const company = of === "buyer" ? String(organisation_id) : me.organisation.id;
    const body = { ...sent, organisation_id: company } as unknown as Of<"EndpointIn">;
    return got(api.POST("/console/v1/webhook-endpoints", { body }));
  };
  return (
    <p className="acts gap">
      <FormButton<Added>
        name="hook"
        label={t("dev.add_hook")}
        primary
        touched={["dev-hooks"]}
        codes={{ event_unknown: "events", too_many_endpoints: "url", ...OF_URL }}
        intro={own ? undefined : <p className="muted">{t("dev.add_hook_text")}</p>}
        fields={[
          ...(own ? [] : whose),
          { kind: "text", name: "url", label: t("f.address"), must: true, code: true, example: "https://" },
          own
            ? { kind: "list", name: "events", label: t("dev.events_ask") }
            : { kind: "many", name: "events", label: t("dev.events_choose"), choices },
        ]}
        first={own ? { url: "", events: "" } : { whose: "", organisation_id: "", url: "", events: [] }}
        send={send}
        done={(made) => show(made.secret)}
      />
    </p>
  );
}

/** What is refused of an address, by its codes. */
const OF_URL = Object.fromEntries(
  [
    "url_malformed",
    "url_too_long",
    "url_has_credentials",
    "url_has_fragment",
    "url_not_https",
    "host_malformed",
    "host_internal",
    "port_not_allowed",
    "address_not_public",
  ].map((code) => [code, "url"]),
);
