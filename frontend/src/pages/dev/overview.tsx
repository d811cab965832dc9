import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { Bones, Descriptions, EmptyState, FaultNote, Part, Select, Small, useListState } from "@/ui";
import { Quota } from "./quota";

type Stats = Of<"CallStatsOut">;

const ms = (value: number | null): string => (value === null ? "–" : `≤ ${value.toLocaleString()} ms`);

/** What failed most, and how long calls took. */
export function Overview({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  const { root } = useRoot();
  const [search, set] = useListState();
  const hours = search.hours ?? "24";
  const { data, error, refetch } = useQuery({
    queryKey: ["dev", "stats", root, hours],
    refetchInterval: 15_000,
    queryFn: () => ask<Stats>(`${root}/calls/stats`, { hours }),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const refused = data.groups.filter((one) => one.status >= 400);
  return (
    <>
      <p className="acts gap">
        <Select
          className="filter"
          aria-label={t("dev.since")}
          value={hours}
          choices={[
            { value: "1", label: t("dev.hours_1") },
            { value: "24", label: t("dev.hours_24") },
            { value: "168", label: t("dev.hours_168") },
          ]}
          change={(value) => set({ hours: value })}
        />
      </p>
      {data.calls === 0 && <EmptyState title={t("dev.no_calls")} text={t("dev.no_calls_text")} />}
      {data.calls > 0 && (
        <Descriptions
          pairs={[
            [t("dev.count"), data.calls.toLocaleString()],
            [t("dev.refused"), data.refused.toLocaleString()],
            ["p50", ms(data.p50_ms)],
            ["p95", ms(data.p95_ms)],
            ["p99", ms(data.p99_ms)],
          ]}
        />
      )}
      {refused.length > 0 && (
        <Part title={t("dev.errors")}>
          <Small
            rows={refused}
            keyOf={(one) => `${one.route} ${one.code} ${one.status}`}
            none=""
            columns={[
              [
                t("f.code"),
                (one) => (
                  <Link
                    to="/c/$org/dev"
                    params={{ org: me.mall.slug }}
                    search={{ tab: "calls", code: one.code, route: one.route.replace(/^\S+ /, "") }}
                  >
                    {one.code || one.status}
                  </Link>
                ),
              ],
              [t("f.reason"), (one) => word("refusal", one.code)],
              [t("dev.route"), (one) => <code>{one.route}</code>],
              [t("dev.count"), (one) => one.calls.toLocaleString(), "end"],
            ]}
          />
        </Part>
      )}
      {children}
      {data.calls > 0 && (
        <Part title={t("dev.routes")}>
          <Small
            rows={data.groups.filter((one) => one.status < 400)}
            keyOf={(one) => `${one.route} ${one.status}`}
            none={t("dev.none_good")}
            columns={[
              [t("dev.route"), (one) => <code>{one.route}</code>],
              [t("dev.count"), (one) => one.calls.toLocaleString(), "end"],
              ["p50", (one) => ms(one.p50_ms), "end"],
              ["p95", (one) => ms(one.p95_ms), "end"],
              ["p99", (one) => ms(one.p99_ms), "end"],
            ]}
          />
        </Part>
      )}
      <Quota />
    </>
  );
}
