import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, Descriptions, FaultNote, Part, Screen, Small, StatusTag, Time } from "@/ui";

const POLL = 15_000;

/** What runs, what waits and what is late. */
export default function System() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Screen title={t("nav.system")} text={t("system.text")}>
      <Installation />
      {may("supply.read") && <Connections />}
      <Turns />
    </Screen>
  );
}

function Installation() {
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
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
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
      <Part title={t("system.queue")} actions={<To page="jobs">{t("system.to_jobs")}</To>}>
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

function To({ page, children }: { page: "jobs" | "connections"; children: ReactNode }) {
  const me = useMe();
  return (
    <Link to={`/c/$org/${page}`} params={{ org: me.mall.slug }}>
      {children}
    </Link>
  );
}

/** Suppliers' programs; the breaker pauses one that fails too often. */
function Connections() {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = useQuery({
    queryKey: ["connections", "lights"],
    refetchInterval: POLL,
    queryFn: () => got(api.GET("/console/v1/connections", { params: { query: { size: 200 } } })),
  });
  return (
    <Part title={t("nav.connections")} actions={<To page="connections">{t("system.to_connections")}</To>}>
      <Small<Of<"ConnectionOut">>
        rows={data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("connections.empty")}
        columns={[
          [
            t("f.name"),
            (one) => (
              <Link to="/c/$org/connections" params={{ org: me.mall.slug }} search={{ open: one.id }}>
                {one.name}
              </Link>
            ),
          ],
          [
            t("f.status"),
            (one) => (
              <StatusTag kind="connection" code={one.state} tone={one.state === "on" ? "good" : undefined} />
            ),
          ],
          [t("f.reason"), (one) => one.reason || "–"],
          [t("f.since"), (one) => <Time at={one.state_at} near />],
        ]}
      />
    </Part>
  );
}

function Turns() {
  const { t } = useTranslation();
  const word = useWord();
  const { data } = useQuery({
    queryKey: ["system", "turns"],
    refetchInterval: POLL,
    queryFn: () => got(api.GET("/console/v1/turns")),
  });
  const state = (one: Of<"TurnOut">) =>
    one.running
      ? "running"
      : one.late
        ? "late"
        : one.last_error
          ? "failed"
          : one.last_at
            ? "done"
            : "waiting";
  return (
    <Part title={t("system.turns")}>
      <Small
        rows={data ?? []}
        keyOf={(one) => one.name}
        none={t("system.no_turns")}
        columns={[
          [t("f.name"), (one) => word("turn", one.name)],
          [
            t("f.status"),
            (one) => (
              <StatusTag
                kind="turnstate"
                code={state(one)}
                tone={state(one) === "late" ? "bad" : undefined}
              />
            ),
          ],
          [t("system.last"), (one) => <Time at={one.last_at} near />],
          [
            t("dev.took"),
            (one) => (one.last_ms === null ? "–" : `${one.last_ms.toLocaleString()} ms`),
            "end",
          ],
          [t("system.due"), (one) => <Time at={one.due_at} near />],
          [t("f.error"), (one) => (one.last_error ? <code>{one.last_error}</code> : "–")],
        ]}
      />
    </Part>
  );
}
