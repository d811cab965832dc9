import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useLive } from "@/api/live";
import { useMay } from "@/api/session";
import { tell } from "@/ui/hold";
import { IconBell } from "@/ui/icons";
import { Button, Drawer } from "@/ui/kit";
import { CHANGES } from "./changes";
import { useNotices } from "./notices";
import { useDecided, useMentions } from "./told";

const BellList = lazy(() => import("./bell-list"));

type Job = Of<"JobOut">;
const OPEN = ["queued", "running"];

/** What one has asked for and what calls for one: jobs, notices, what others decided, where one was mentioned; it outlives the page
 *  and the tab. */
export function Bell() {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const decided = useDecided(open);
  const mentions = useMentions(open);
  const notices = useNotices(open);
  const mine = useQuery({
    queryKey: ["jobs", "mine"],
    enabled: may("jobs.read"),
    queryFn: () => got(api.GET("/console/v1/jobs", { params: { query: { mine: true, size: 20 } } })),
  });
  const states = useRef(new Map<string, string>());
  useLive("job", (told) => {
    queries.setQueryData<{ items: Job[] }>(
      ["jobs", "mine"],
      (now) =>
        now && {
          ...now,
          items: now.items.map((job) => (job.id === told.id ? ({ ...job, ...told } as Job) : job)),
        },
    );
    const moved = states.current.get(told.id) !== told.state;
    states.current.set(told.id, told.state);
    if (moved) tell(queries, ["jobs"]);
    if (moved && !OPEN.includes(told.state)) tell(queries, CHANGES[told.kind] ?? []);
  });
  useEffect(() => {
    const show = (): void => setOpen(true);
    window.addEventListener("commissary:jobs", show);
    return () => window.removeEventListener("commissary:jobs", show);
  }, []);
  const jobs = mine.data?.items ?? [];
  const unread = [mine, decided.read, mentions.read, notices.read].find((one) => one.error && !one.data);
  const running = jobs.filter((job) => OPEN.includes(job.state)).length;
  const count = running + decided.unread + mentions.unread + notices.unread;
  return (
    <>
      <Button
        type="text"
        data-testid="bell"
        className="bell"
        aria-label={t("bell.label", {
          all: count, // what is seen must be in what is heard
          count: running,
          decided: decided.unread,
          mentions: mentions.unread,
          notices: notices.unread,
        })}
        title={t("bell.title")}
        icon={<IconBell aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {count > 0 && <span className="count">{count}</span>}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={t("bell.title")}
        size={460}
        mask={{ blur: false }}
        closable={{ "aria-label": t("close") }}
        data-testid="bell-drawer"
      >
        <Suspense>
          <BellList
            jobs={jobs}
            decided={decided.found}
            mentions={mentions.found}
            notices={notices.found}
            failed={unread}
            close={() => setOpen(false)}
          />
        </Suspense>
      </Drawer>
    </>
  );
}

/** Shows the drawer, for whoever has begun a job. */
export function showJobs(): void {
  window.dispatchEvent(new Event("commissary:jobs"));
}
