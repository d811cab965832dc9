import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { AskButton, Input, TextArea, useAct } from "@/ui";

export function AddHook({ show }: { show: (secret: string) => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState("");
  const add = useAct(
    () =>
      got(
        api.POST("/console/v1/own/webhook-endpoints", {
          body: { url: url.trim(), events: events.split(/[\s,]+/).filter(Boolean) },
        }),
      ),
    "dev-hooks",
  );
  return (
    <p className="acts gap">
      <AskButton
        primary
        label={t("dev.add_hook")}
        ready={/^https?:\/\//.test(url.trim())}
        testid="add-hook"
        run={async () => {
          show((await add.mutateAsync(undefined)).secret);
          setUrl("");
        }}
      >
        <label className="field">
          <span>{t("f.address")}</span>
          <Input
            type="url"
            value={url}
            placeholder="https://"
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t("dev.events_ask")}</span>
          <TextArea value={events} onChange={(event) => setEvents(event.target.value)} />
        </label>
      </AskButton>
    </p>
  );
}
