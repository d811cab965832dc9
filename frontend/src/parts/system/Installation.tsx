import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, got } from "@/api/client";
import { useWord } from "@/i18n";
import { Bones, Descriptions, FaultNote, Part, Small, StatusTag, Time } from "@/ui";
import { POLL, SystemLink } from "./SystemLink";

export function Installation() {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const { data, error, refetch } = useQuery({
    queryKey: ["system"],
    refetchInterval: POLL,
    queryFn: () => got(api.GET("/console/v1/system")),
  });
  const { data: ready } = useQuery({
    queryKey: ["system", "ready"],
    refetchInterval: POLL,
    queryFn: () => ask<{ status: string }>("/health/ready").catch(() => ({ status: "unready" })),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const count = (n: number) => n.toLocaleString(i18n.language);
  return (
    <>
      <Part title={t("system.installation")}>
        <Descriptions
          pairs={[
            [
              t("system.ready"),
              ready && (
                <StatusTag
                  key="r"
                  kind="ready"
                  code={ready.status === "ready" ? "ready" : "unready"}
                  tone={ready.status === "ready" ? "good" : "bad"}
                />
              ),
            ],
            [t("system.release"), data.release],
            ["PostgreSQL", data.postgres],
            [t("system.size"), `${(data.database_bytes / 1_048_576).toFixed(1)} MiB`],
            [t("system.processes"), count(data.processes)],
            [t("system.migrations"), count(data.migrations)],
            [t("system.last_migration"), <code key="m">{data.last_migration}</code>],
            [t("system.migrated_at"), <Time key="a" at={data.migrated_at} />],
          ]}
        />
      </Part>
      <Part title={t("system.queue")} actions={<SystemLink page="jobs">{t("system.to_jobs")}</SystemLink>}>
        <Descriptions
          pairs={[
            [word("job", "queued"), count(data.jobs_queued)],
            [word("job", "running"), count(data.jobs_running)],
            [t("system.failed"), count(data.jobs_failed)],
            [t("system.oldest_job"), <Time key="o" at={data.oldest_queued_at} near />],
          ]}
        />
      </Part>
      <Part title={t("system.readers")}>
        <Small
          rows={data.readers}
          keyOf={(one) => one.name}
          none={t("system.no_readers")}
          columns={[
            [t("f.name"), (one) => word("reader", one.name)],
            [t("system.behind"), (one) => count(one.behind), "end"],
            [t("system.oldest_event"), (one) => <Time at={one.oldest_at} near />],
          ]}
        />
      </Part>
    </>
  );
}
