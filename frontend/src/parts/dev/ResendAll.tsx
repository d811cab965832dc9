import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { Button, FaultNote, type Search, useListState } from "@/ui";
import { startOf } from "@/ui/Time";
import { useRoot } from "./audience";
import { ResendWatch } from "./ResendWatch";

type Body = Of<"ResendIn">;

/** All that ended and matches the list's filter, once more: counted first, then put back into the queue by a job, which stands in the
 *  address, so that whoever comes back finds it. */
export function ResendAll({ search }: { search: Search }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const [, set] = useListState();
  const { zone } = useMe().mall;
  const [asked, setAsked] = useState<{ body: Body; matching: number }>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const wanted = filterOf(search, zone);
  const count = async (): Promise<void> => {
    setFault(undefined);
    if (!wanted) return;
    const body = { ...wanted, dry_run: true };
    try {
      const told = await (own
        ? got(api.POST("/console/v1/own/webhook-deliveries/replay", { body }))
        : got(api.POST("/console/v1/webhook-deliveries/replay", { body })));
      setAsked({ body: wanted, matching: told.matching ?? 0 });
    } catch (error) {
      setFault(error);
    }
  };
  const begin = async (body: Body): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const begun = await (own
        ? got(api.POST("/console/v1/own/webhook-resends", { body }))
        : got(api.POST("/console/v1/webhook-resends", { body })));
      set({ resend: begun.job_id });
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  if (search.resend) return <ResendWatch id={search.resend} close={() => set({ resend: undefined })} />;
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
            loading={busy}
            onClick={() => void begin(asked.body)}
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
