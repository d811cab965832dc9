import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  CopyCode,
  DataTable,
  Descriptions,
  JobProgress,
  ReasonForm,
  Screen,
  StatusTag,
  Time,
  useAct,
} from "@/ui";

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
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("job", value) })),
          },
        ]}
        columns={[
          { id: "kind", title: t("f.kind"), cell: (j) => word("jobkind", j.kind), value: (j) => j.kind },
          {
            id: "state",
            title: t("f.status"),
            cell: (j) => <StatusTag kind="job" code={j.state} />,
            value: (j) => j.state,
          },
          { id: "progress", title: t("job.progress"), cell: (j) => <JobProgress job={j} /> },
          {
            id: "created_at",
            title: t("f.created_at"),
            cell: (j) => <Time at={j.created_at} />,
            value: (j) => j.created_at,
          },
          {
            id: "ended_at",
            title: t("f.ended_at"),
            cell: (j) => <Time at={j.ended_at} near />,
            value: (j) => j.ended_at ?? "",
          },
          { id: "by", title: t("f.author"), cell: (j) => j.created_by },
          {
            id: "attempts",
            title: t("f.attempts"),
            cell: (j) => j.attempts,
            value: (j) => j.attempts,
            end: true,
          },
          { id: "error", title: t("f.error"), cell: (j) => j.error || "–" },
        ]}
        load={({ status, kind, cursor }) =>
          got(
            api.GET("/console/v1/jobs", {
              params: { query: { status: status as Row["state"], kind, cursor, size: 50 } },
            }),
          )
        }
        detail={(_id, row) => row && <Detail job={row} />}
        detailTitle={(row, id) => (row ? word("jobkind", row.kind) : id)}
        empty={{ title: t("jobs.empty"), text: t("jobs.empty_text") }}
      />
    </Screen>
  );
}

function Detail({ job }: { job: Row }) {
  const { t } = useTranslation();
  const may = useMay();
  const cancel = useAct(
    () => got(api.POST("/console/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } })),
    "jobs",
  );
  return (
    <>
      {may("jobs.write") && ["queued", "running"].includes(job.state) && (
        <div className="acts" style={{ marginBottom: 16 }}>
          <ReasonForm
            label={t("jobs.cancel")}
            effect={t("jobs.cancel_text")}
            danger
            reason={undefined}
            disabled={job.cancel_asked}
            run={() => cancel.mutateAsync(undefined)}
          />
        </div>
      )}
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
