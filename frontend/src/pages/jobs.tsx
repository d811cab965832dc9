import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { JobActs } from "@/parts/JobActs";
import { Who } from "@/parts/Who";
import { CopyCode, DataTable, Descriptions, JobProgress, Screen, StatusTag, Time } from "@/ui";
import type { Totals } from "@/ui/TableFoot";

type Row = Of<"JobOut">;
const STATES = ["queued", "running", "done", "failed", "cancelled"];

export default function Jobs() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Screen title={t("nav.jobs")} text={t("jobs.text")}>
      <DataTable<Row>
        id="jobs"
        label={t("nav.jobs")}
        rowKey={(j) => j.id}
        poll={5_000}
        filters={[
          {
            id: "status",
            not: true,
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("job", value) })),
          },
          { id: "mine", label: t("f.mine"), choices: [{ value: "true", label: t("yes") }] },
        ]}
        columns={[
          { id: "kind", title: t("f.kind"), cell: (j) => word("jobkind", j.kind) },
          {
            id: "state",
            title: t("f.status"),
            cell: (j) => <StatusTag kind="job" code={j.state} />,
          },
          { id: "progress", title: t("job.progress"), cell: (j) => <JobProgress job={j} /> },
          {
            id: "created_at",
            title: t("f.created_at"),
            cell: (j) => <Time at={j.created_at} />,
            sort: "created_at",
          },
          {
            id: "ended_at",
            title: t("f.ended_at"),
            cell: (j) => <Time at={j.ended_at} near />,
          },
          { id: "by", title: t("f.author"), cell: (j) => <Who by={j.created_by} /> },
          {
            id: "attempts",
            title: t("f.attempts"),
            cell: (j) => j.attempts,
            end: true,
          },
          { id: "error", title: t("f.error"), cell: (j) => j.error || "–" },
        ]}
        load={({ open: _, ...search }) =>
          got(api.GET("/console/v1/jobs", { params: { query: { ...search, size: 50 } as never } }))
        }
        totals={({ open: _, ...search }) => ask<Totals>("/console/v1/jobs/totals", search)}
        detail={(_id, row) => row && <Detail job={row} />}
        detailTitle={(row, id) => (row ? word("jobkind", row.kind) : id)}
        empty={{
          title: t("jobs.empty"),
          text: t("jobs.empty_text"),
          action: <Go needs="stock.import" page="import" label={t("imports.codes")} />,
        }}
      />
    </Screen>
  );
}

function Detail({ job }: { job: Row }) {
  const { t } = useTranslation();
  return (
    <>
      <JobActs job={job} />
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="job" code={job.state} />],
          [t("job.progress"), <JobProgress key="p" job={job} />],
          [t("f.started_at"), <Time key="a" at={job.started_at} />],
          [t("f.ended_at"), <Time key="e" at={job.ended_at} />],
          [t("f.error"), job.error],
          [t("f.id"), <CopyCode key="i" text={job.id} />],
        ]}
      />
      {!!job.result && <pre className="note">{JSON.stringify(job.result, null, 2)}</pre>}
    </>
  );
}
