import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { Button, FaultNote, type Search, useAct } from "@/ui";
import { startOf } from "@/ui/Time";
import { useRoot } from "./audience";

type Body = Of<"ReplayIn">;
type Answer = Of<"ReplayOut">;

/** All that ended and matches the list's filter, once more: counted first, then put back into the queue, which sends it at its own pace. */
export function ResendAll({ search }: { search: Search }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const { zone } = useMe().mall;
  const [asked, setAsked] = useState<{ body: Body; matching: number }>();
  const [fault, setFault] = useState<unknown>();
  const call = (body: Body): Promise<Answer> =>
    own
      ? got(api.POST("/console/v1/own/webhook-deliveries/replay", { body }))
      : got(api.POST("/console/v1/webhook-deliveries/replay", { body }));
  const wanted = filterOf(search, zone);
  const count = async (): Promise<void> => {
    setFault(undefined);
    if (!wanted) return;
    // What ends from now on was not counted, and is not sent.
    const body = { ...wanted, until: wanted.until ?? new Date().toISOString() };
    try {
      setAsked({ body, matching: (await call({ ...body, dry_run: true })).matching ?? 0 });
    } catch (error) {
      setFault(error);
    }
  };
  const resend = useAct(async (body: Body) => {
    let beyond: string | undefined;
    do beyond = (await call({ ...body, beyond })).last ?? undefined;
    while (beyond);
    setAsked(undefined);
  }, "dev-deliveries");
  if (!wanted) return <p className="muted">{t("dev.resend_how")}</p>;
  return (
    <div className="acts gap" data-testid="resend">
      {!asked && (
        <Button data-testid="resend-count" onClick={() => void count()}>
          {t("dev.resend")}
        </Button>
      )}
      {asked && (
        <>
          <span role="status">{t("dev.resend_matching", { count: asked.matching })}</span>
          <Button
            type="primary"
            data-testid="resend-all"
            disabled={!asked.matching}
            loading={resend.isPending}
            onClick={() => resend.mutate(asked.body)}
          >
            {t("dev.replay", { count: asked.matching })}
          </Button>
          <Button onClick={() => setAsked(undefined)}>{t("cancel")}</Button>
        </>
      )}
      <FaultNote error={fault} />
    </div>
  );
}

/** As the list is filtered; null where it is not, or only by what has not ended. */
function filterOf(search: Search, zone: string): Body | null {
  const { status, endpoint_id, subject_id, event, from, to } = search;
  if (status && status !== "delivered" && status !== "dead") return null;
  if (!status && !endpoint_id && !subject_id && !event && !from) return null;
  return {
    state: (status as Body["state"]) || undefined,
    endpoint_id: endpoint_id || undefined,
    subject_id: subject_id || undefined,
    event: event || undefined,
    since: from ? startOf(from, zone) : undefined,
    until: to ? startOf(to, zone, 1) : undefined,
  };
}
