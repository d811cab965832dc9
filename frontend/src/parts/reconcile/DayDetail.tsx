import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  AskButton,
  Bones,
  CopyCode,
  DangerConfirm,
  Descriptions,
  FaultNote,
  IconGood,
  IconWait,
  Money,
  Part,
  Time,
  useAct,
  useListState,
} from "@/ui";
import { JobWatch } from "../JobWatch";
import { Lines } from "./Lines";

type Day = Of<"DayOut">;

/** A day until it is closed: what is left to do, its sums, its lines, and afterwards its evidence. */
export function DayDetail({ connection, day }: { connection: string; day: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const [, set] = useListState();
  const [job, setJob] = useState<string>();
  const params = { path: { connection_id: connection, day } };
  const { data, error, refetch } = useQuery({
    queryKey: ["days", connection, day],
    queryFn: () => got(api.GET("/console/v1/connections/{connection_id}/days/{day}", { params })),
  });
  const match = useAct(async () => {
    const made = await got(
      api.POST("/console/v1/connections/{connection_id}/days/{day}/reconcile", { params }),
    );
    setJob(made.job_id);
  }, "jobs");
  const close = useAct(
    () => got(api.POST("/console/v1/connections/{connection_id}/days/{day}/close", { params })),
    "days",
  );
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const open = data.status === "open";
  return (
    <>
      {open && may("settlement.write") && (
        <div className="acts gap">
          <AskButton
            label={t("reconcile.match")}
            effect={t("reconcile.match_text")}
            testid="match"
            run={() => match.mutateAsync(undefined)}
          />
          <DangerConfirm
            label={t("reconcile.close")}
            effect={t("reconcile.close_text")}
            type={data.day}
            disabled={data.open > 0 || data.stale || !data.matched_at}
            testid="close-day"
            run={() => close.mutateAsync(undefined)}
          />
        </div>
      )}
      {job && <JobWatch id={job} touched={["days", "differences"]} />}
      <Steps
        day={data}
        differences={
          <button
            type="button"
            className="link"
            onClick={() => set({ tab: undefined, open: undefined, day: data.day, status: "open" })}
          >
            {t("reconcile.to_differences", { count: data.open })}
          </button>
        }
      />
      <Descriptions
        pairs={[
          [t("reconcile.ours"), <Money key="o" value={data.ours} />],
          [t("reconcile.theirs"), <Money key="t" value={data.theirs} />],
          [t("reconcile.difference"), <Money key="d" value={data.difference} />],
          ...Object.entries(data.counts).map(([kind, count]): [string, string] => [
            kind === "matched" ? t("reconcile.matched") : word("differencekind", kind),
            count.toLocaleString(),
          ]),
          [t("reconcile.opening"), <Money key="b" value={data.opening} />],
          [t("reconcile.purchases"), <Money key="p" value={data.purchases} />],
          [t("reconcile.refunds"), <Money key="r" value={data.refunds} />],
          [t("reconcile.payments"), <Money key="y" value={data.payments} />],
          [t("reconcile.closing"), <Money key="c" value={data.closing} />],
          [t("f.ended_at"), <Time key="e" at={data.closed_at} />],
        ]}
      />
      {!open && (
        <Part title={t("reconcile.evidence")}>
          <p>
            <a
              href={`/console/v1/connections/${connection}/days/${day}/evidence`}
              download
              data-testid="evidence"
            >
              {t("reconcile.evidence_file")}
            </a>
          </p>
          {data.pack_sha256 && <CopyCode text={data.pack_sha256} short />}
        </Part>
      )}
      <Lines connection={connection} day={day} />
    </>
  );
}

function Steps({ day, differences }: { day: Day; differences: React.ReactNode }) {
  const { t } = useTranslation();
  const steps = [
    { id: "matched", ok: !!day.matched_at && !day.stale, text: t("reconcile.step_matched") },
    {
      id: "decided",
      ok: day.open === 0,
      text: t("reconcile.step_decided"),
      act: day.open > 0 && differences,
    },
    { id: "closed", ok: day.status === "closed", text: t("reconcile.step_closed") },
  ];
  return (
    <ol className="ready">
      {steps.map((step) => (
        <li key={step.id} data-step={step.id} data-ok={step.ok}>
          {step.ok ? (
            <IconGood aria-label={t("ready.is_done")} />
          ) : (
            <IconWait aria-label={t("ready.is_open")} />
          )}
          <span>
            {step.text} {step.act}
          </span>
        </li>
      ))}
    </ol>
  );
}
