import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useWord } from "@/i18n";
import { NoticeRows } from "@/parts/inbox/Notice";
import { JobActs } from "@/parts/JobActs";
import { EmptyState } from "@/ui/EmptyState";
import { JobProgress } from "@/ui/JobProgress";
import { Pending, type Reading } from "@/ui/Pending";
import { StatusTag } from "@/ui/StatusTag";
import { Time } from "@/ui/Time";
import { Decided, Mentioned } from "./told-rows";

type Job = Of<"JobOut">;

/** What stands in the bell's drawer. */
export default function BellList(props: {
  jobs: Job[];
  decided: Of<"ApprovalOut">[];
  mentions: Of<"ApprovalOut">[];
  notices: Of<"NoticeOut">[];
  failed: Reading | undefined;
  close: () => void;
}) {
  const { t } = useTranslation();
  const word = useWord();
  const { jobs, decided, mentions, notices, failed, close } = props;
  return (
    <>
      <Mentioned found={mentions} close={close} />
      <Decided found={decided} close={close} />
      <NoticeRows found={notices} close={close} />
      {failed && <Pending of={failed} />}
      {!failed && jobs.length + decided.length + mentions.length + notices.length === 0 && (
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
