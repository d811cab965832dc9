import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { Part, Small, StatusTag, Time } from "@/ui";
import { POLL } from "./SystemLink";

export function Turns() {
  const { t } = useTranslation();
  const word = useWord();
  const turns = useQuery({
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
        of={turns}
        rows={turns.data ?? []}
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
