import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useWord } from "@/i18n";
import { AskButton, Bones, FaultNote, Part, Small, Time, useAct } from "@/ui";

/** Where one is signed in. */
export function Devices() {
  const { t } = useTranslation();
  const word = useWord();
  const { data, error, refetch } = useQuery({
    queryKey: ["devices"],
    queryFn: () => got(api.GET("/console/v1/sessions")),
  });
  const end = useAct(
    (session_id: string) =>
      got(api.DELETE("/console/v1/sessions/{session_id}", { params: { path: { session_id } } })),
    "devices",
  );
  const others = useAct(() => got(api.POST("/console/v1/sessions/end-others")), "devices");
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  return (
    <Part
      title={t("security.devices")}
      actions={
        data.length > 1 && (
          <AskButton
            label={t("security.end_others")}
            effect={t("security.end_others_text", { count: data.length - 1 })}
            danger
            testid="end-others"
            run={() => others.mutateAsync(undefined)}
          />
        )
      }
    >
      <Small
        rows={data}
        keyOf={(one) => one.id}
        none=""
        columns={[
          [t("security.device"), (one) => <span title={one.agent}>{deviceOf(one.agent)}</span>],
          [t("f.ip"), (one) => one.ip || "–"],
          [t("security.by"), (one) => word("proof_factor", one.proved_by)],
          [t("security.began"), (one) => <Time at={one.created_at} />],
          [t("security.seen"), (one) => <Time at={one.seen_at} near />],
          [
            "",
            (one) =>
              one.current ? (
                <span className="tag good">{t("security.this_device")}</span>
              ) : (
                <AskButton
                  label={t("security.end")}
                  effect={t("security.end_text")}
                  danger
                  run={() => end.mutateAsync(one.id)}
                />
              ),
            "end",
          ],
        ]}
      />
    </Part>
  );
}

const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/HarmonyOS/, "HarmonyOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];
const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger\/(\d+)/, "WeChat"],
  [/Edg\/(\d+)/, "Edge"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari/, "Safari"],
];

/** What a browser calls itself, in the words that people use; as it is when we do not know it. */
export function deviceOf(agent: string): string {
  const system = SYSTEMS.find(([known]) => known.test(agent))?.[1];
  const browser = BROWSERS.map(([known, name]) => [name, known.exec(agent)?.[1]] as const).find(
    ([, version]) => version,
  );
  if (!browser) return agent.slice(0, 40) || "–";
  return [`${browser[0]} ${browser[1]}`, system].filter(Boolean).join(" · ");
}
