import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import type { Page } from "@/ui";
import { FormButton } from "@/ui/form";
import { useRoot } from "./audience";
import { useEvents } from "./events";

/** Where it is sent and what of it: what waits goes to the new address, the events count from now on. */
export function EditHook({ endpoint }: { endpoint: Of<"EndpointOut"> }) {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const { choices } = useEvents();
  const params = { path: { endpoint_id: endpoint.id } };
  if (!choices.length) return null;
  return (
    <FormButton
      name={`hook-${endpoint.id}`}
      label={t("dev.edit_hook")}
      intro={<p className="muted">{t("dev.edit_hook_text")}</p>}
      fields={[
        { kind: "text", name: "url", label: t("f.address"), must: true, code: true, example: "https://" },
        { kind: "many", name: "events", label: t("dev.events_choose"), choices },
      ]}
      first={{ url: endpoint.url, events: endpoint.events }}
      version={endpoint.version}
      fresh={async () => {
        const all = await ask<Page<Of<"EndpointOut">>>(`${root}/webhook-endpoints`, { size: "200" });
        const now = all?.items.find((one) => one.id === endpoint.id) ?? endpoint;
        return { values: { url: now.url, events: now.events }, version: now.version };
      }}
      touched={["dev-hooks"]}
      codes={{
        url_not_https: "url",
        url_invalid: "url",
        address_not_public: "url",
        host_internal: "url",
        url_has_credentials: "url",
        port_not_allowed: "url",
        event_unknown: "events",
      }}
      send={({ url, events }, { version }) => {
        const body = { url: url as string, events: (events ?? []) as string[], version };
        return own
          ? got(api.PATCH("/console/v1/own/webhook-endpoints/{endpoint_id}", { params, body }))
          : got(api.PATCH("/console/v1/webhook-endpoints/{endpoint_id}", { params, body }));
      }}
    />
  );
}
