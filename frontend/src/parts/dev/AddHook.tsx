import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { FormButton } from "@/ui/form";

export function AddHook({ show }: { show: (secret: string) => void }) {
  const { t } = useTranslation();
  return (
    <p className="acts gap">
      <FormButton<Of<"NewEndpointOut">>
        name="hook"
        label={t("dev.add_hook")}
        primary
        touched={["dev-hooks"]}
        codes={{ event_unknown: "events", ...OF_URL }}
        fields={[
          { kind: "text", name: "url", label: t("f.address"), must: true, code: true, example: "https://" },
          { kind: "list", name: "events", label: t("dev.events_ask") },
        ]}
        first={{ url: "", events: "" }}
        send={(sent) =>
          got(api.POST("/console/v1/own/webhook-endpoints", { body: sent as unknown as Of<"OwnEndpointIn"> }))
        }
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
