import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useLive } from "@/api/live";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { JobActs } from "@/parts/JobActs";
import { EmptyState } from "@/ui/EmptyState";
import { IconBell } from "@/ui/icons";
import { JobProgress } from "@/ui/JobProgress";
import { Button, Drawer } from "@/ui/kit";
import { StatusTag } from "@/ui/StatusTag";
import { Time } from "@/ui/Time";
import { Decided, Mentioned, useDecided, useMentions } from "./told";

type Job = Of<"JobOut">;
const OPEN = ["queued", "running"];

/** What one has asked for: jobs, how far, how fast, how long still, what others decided, and where one was mentioned; it outlives the page and the tab. */
export function JobsBell() {
  const may = useMay();
  const staff = useMe().organisation.kind === "mall";
  return may("jobs.read") || staff ? <Bell /> : null;
}

function Bell() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const decided = useDecided(open);
  const mentions = useMentions(open);
  const { data } = useQuery({
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
    if (moved) void queries.invalidateQueries({ queryKey: ["jobs"] });
    if (moved && !OPEN.includes(told.state)) void queries.invalidateQueries();
  });
  useEffect(() => {
    const show = (): void => setOpen(true);
    window.addEventListener("commissary:jobs", show);
    return () => window.removeEventListener("commissary:jobs", show);
  }, []);
  const jobs = data?.items ?? [];
  const running = jobs.filter((job) => OPEN.includes(job.state)).length;
  const count = running + decided.unread + mentions.unread;
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
        <Mentioned found={mentions.found} close={() => setOpen(false)} />
        <Decided found={decided.found} close={() => setOpen(false)} />
        {jobs.length + decided.found.length + mentions.found.length === 0 && (
          <EmptyState title={t("bell.empty")} text={t("bell.empty_text")} />
        )}
        {jobs.map((job) => (
          <article key={job.id} className="part job" data-testid="bell-job">
            <header>
              <h2>{word("jobkind", job.kind)}</h2>
              <StatusTag kind="job" code={job.state} />
            </header>
            <JobProgress job={job} />
            <Pace job={job} />
            <p className="muted">
              <Time at={job.ended_at ?? job.created_at} near /> {job.error && <code>{job.error}</code>}
            </p>
            <JobActs job={job} />
          </article>
        ))}
      </Drawer>
    </>
  );
}

/** So many a second since it began, and when that would be all. */
function Pace({ job }: { job: Job }) {
  const { t } = useTranslation();
  if (job.state !== "running" || !job.started_at || !job.done) return null;
  const seconds = Math.max(1, (Date.now() - Date.parse(job.started_at)) / 1000);
  const rate = job.done / seconds;
  const left = job.total ? Math.ceil((job.total - job.done) / rate) : undefined;
  return (
    <p className="muted" aria-live="polite">
      {t("bell.rate", { rate: Math.round(rate).toLocaleString() })}
      {left !== undefined && left >= 0 && ` · ${t("bell.left", { left: t("seconds", { count: left }) })}`}
    </p>
  );
}

/** Shows the drawer, for whoever has begun a job. */
export function showJobs(): void {
  window.dispatchEvent(new Event("commissary:jobs"));
}
