import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useWord } from "@/i18n";

/** How far a job is; one that does not know its end shows what it has done. */
export function JobProgress({ job }: { job: Of<"JobOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const label = job.total
    ? `${job.done.toLocaleString()} / ${job.total.toLocaleString()}`
    : job.done.toLocaleString();
  return (
    <span className="progress">
      <progress
        aria-label={t("job.progress")}
        max={job.total ?? 1}
        value={job.total ? job.done : job.state === "running" ? undefined : 1}
      />
      <span>
        {label} {job.unit && word("job_unit", job.unit)}
      </span>
    </span>
  );
}
