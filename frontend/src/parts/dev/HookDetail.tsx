import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoot } from "@/parts/dev/audience";
import { AskButton, Button, CopyCode, DangerConfirm, Descriptions, StatusTag, Time, useAct } from "@/ui";
import { EditHook } from "./EditHook";
import { HookTester } from "./HookTester";

type Endpoint = Of<"EndpointOut">;

export function HookDetail({ endpoint, show }: { endpoint: Endpoint; show: (secret: string) => void }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const params = { path: { endpoint_id: endpoint.id } };
  const act = useAct(
    (verb: "pause" | "resume" | "disable" | "test") =>
      own
        ? got<unknown>(api.POST(`/console/v1/own/webhook-endpoints/{endpoint_id}/${verb}`, { params }))
        : got<unknown>(api.POST(`/console/v1/webhook-endpoints/{endpoint_id}/${verb}`, { params })),
    "dev-hooks",
  );
  const rotate = useAct(async () => {
    const body = { overlap_s: 86_400 };
    const made = own
      ? await got(api.POST("/console/v1/own/webhook-endpoints/{endpoint_id}/rotate", { params, body }))
      : await got(api.POST("/console/v1/webhook-endpoints/{endpoint_id}/rotate", { params, body }));
    show(made.secret);
  }, "dev-hooks");
  const active = endpoint.state === "active";
  return (
    <>
      <div className="acts">
        <EditHook endpoint={endpoint} />
        <Button disabled={endpoint.state === "disabled"} onClick={() => act.mutate("test")}>
          {t("dev.test")}
        </Button>
        {active ? (
          <AskButton
            label={t("dev.pause")}
            effect={t("dev.pause_text")}
            run={() => act.mutateAsync("pause")}
          />
        ) : (
          <Button onClick={() => act.mutate("resume")}>{t("dev.resume")}</Button>
        )}
        <AskButton
          label={t("dev.rotate")}
          effect={t("dev.rotate_hook")}
          run={() => rotate.mutateAsync(undefined)}
        />
        <DangerConfirm
          label={t("dev.disable")}
          effect={t("dev.disable_text")}
          type={endpoint.id.slice(-6)}
          disabled={endpoint.state === "disabled"}
          run={() => act.mutateAsync("disable")}
        />
      </div>
      <Descriptions
        pairs={[
          [t("f.address"), <CopyCode key="u" text={endpoint.url} />],
          [t("f.status"), <StatusTag key="s" kind="webhook_endpoint_state" code={endpoint.state} />],
          [t("dev.events"), endpoint.events.join(", ") || t("dev.all_events")],
          [t("dev.failures"), endpoint.failures],
          endpoint.failing_since ? [t("dev.failing"), <Time key="f" at={endpoint.failing_since} />] : null,
          endpoint.old_secret_until
            ? [t("dev.old_until"), <Time key="o" at={endpoint.old_secret_until} />]
            : null,
        ]}
      />
      <HookTester id={endpoint.id} own={own} />
    </>
  );
}
