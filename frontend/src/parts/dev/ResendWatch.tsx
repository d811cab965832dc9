import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { AskButton, Button, JobProgress, Pending, StatusTag, useAct } from "@/ui";
import { useRoot } from "./audience";

/** A resend as it goes: to be stopped while it does, and what came of it. */
export function ResendWatch({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const queries = useQueryClient();
  const params = { path: { job_id: id } };
  const watched = useQuery({
    queryKey: ["dev-resend", id],
    queryFn: () =>
      own
        ? got(api.GET("/console/v1/own/webhook-resends/{job_id}", { params }))
        : got(api.GET("/console/v1/webhook-resends/{job_id}", { params })),
    refetchInterval: ({ state }) => (state.data?.ended_at ? false : 1000),
  });
  const stop = useAct(
    () =>
      own
        ? got(api.POST("/console/v1/own/webhook-resends/{job_id}/cancel", { params }))
        : got(api.POST("/console/v1/webhook-resends/{job_id}/cancel", { params })),
    "dev-resend",
  );
  const { data } = watched;
  const ended = data?.ended_at;
  useEffect(() => {
    if (ended) void queries.invalidateQueries({ queryKey: ["dev-deliveries"] });
  }, [ended, queries]);
  if (!data) return <Pending of={watched} rows={1} />;
  return (
    <div className="note acts gap" role="status" data-testid="resending" data-state={data.state}>
      <StatusTag kind="job" code={data.state} />
      <JobProgress job={{ ...data, unit: "messages" } as Of<"JobOut">} />
      {ended ? (
        <>
          {data.error && <span className="wrong">{data.error}</span>}
          <span>{t("dev.resent", { count: data.done })}</span>
          <Button data-testid="resent-close" onClick={close}>
            {t("close")}
          </Button>
        </>
      ) : (
        <AskButton
          label={t("dev.resend_stop")}
          effect={t("dev.resend_stop_text")}
          testid="resend-stop"
          disabled={data.cancel_asked}
          run={() => stop.mutateAsync(undefined)}
        />
      )}
    </div>
  );
}
