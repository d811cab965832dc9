import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { JobProgress, Pending, StatusTag } from "@/ui";

/** A job as it goes; when it has ended, what it changed is read again. */
export function JobWatch({ id, touched }: { id: string; touched: string[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const watched = useQuery({
    queryKey: ["jobs", "watch", id],
    queryFn: () => got(api.GET("/console/v1/jobs/{job_id}", { params: { path: { job_id: id } } })),
    refetchInterval: ({ state }) => (state.data?.ended_at ? false : 1000),
  });
  const { data } = watched;
  const ended = data?.ended_at;
  const keys = touched.join();
  useEffect(() => {
    if (ended) for (const key of keys.split(",")) void queries.invalidateQueries({ queryKey: [key] });
  }, [ended, keys, queries]);
  if (!data) return <Pending of={watched} rows={1} />;
  return (
    <p className="note acts" role="status" data-testid="job" data-state={data.state}>
      <StatusTag kind="job" code={data.state} /> <JobProgress job={data} />
      {data.error && <span className="wrong">{data.error}</span>}
      {ended && data.state === "done" && t("done")}
    </p>
  );
}
