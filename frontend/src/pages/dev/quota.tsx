import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { Bones, FaultNote, type Page, Part, Select, Small, useListState } from "@/ui";

type Limit = Of<"LimitOut">;

/** The limits that a key's next order meets, and what is left of each. */
export function Quota() {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const { root } = useRoot();
  const [search, set] = useListState();
  const keys = useQuery({
    queryKey: ["dev-keys", "open", root],
    queryFn: async () =>
      ((await ask<Page<Of<"KeyListedOut">>>(`${root}/keys`, { size: "200" }))?.items ?? []).filter(
        (key) => !key.revoked_at,
      ),
  });
  const key = keys.data?.find((one) => one.id === search.quota) ?? keys.data?.[0];
  const { data, error, refetch } = useQuery({
    queryKey: ["dev", "quota", root, key?.id],
    enabled: !!key,
    refetchInterval: 15_000,
    queryFn: () => ask<Of<"QuotaOut">>(`${root}/quota`, { key_id: key?.id }),
  });
  if (keys.error || error)
    return (
      <FaultNote error={keys.error ?? error} retry={() => void (keys.error ? keys : { refetch }).refetch()} />
    );
  if (keys.data && !key) return null;
  const zh = i18n.language.startsWith("zh");
  const count = (value: number | null): string => value?.toLocaleString() ?? "–";
  return (
    <Part
      title={t("dev.quota")}
      actions={
        <Select
          className="filter"
          aria-label={t("f.key")}
          value={key?.id}
          choices={(keys.data ?? []).map((one) => ({
            value: one.id,
            label: `${one.name} · ${one.id.slice(-6)}`,
          }))}
          change={(id) => set({ quota: id })}
        />
      }
    >
      {!data && <Bones />}
      {data && (
        <>
          <Small<Limit>
            rows={data.limits}
            keyOf={(one) => one.rule_id}
            none={t("dev.no_limits")}
            columns={[
              [t("dev.limit"), (one) => (zh ? one.name_zh : one.name_en)],
              [t("dev.per"), (one) => `${t(per(one.per))}${one.each_sku ? ` · ${t("dev.each_sku")}` : ""}`],
              [
                t("dev.window"),
                (one) => (one.window_s ? lasting(one.window_s, i18n.language) : t("dev.one_order")),
              ],
              [
                t("dev.most"),
                (one) =>
                  `${count(one.limit)} ${t(one.kind === "cap" ? "dev.unit_cap" : "dev.unit_velocity")}`,
                "end",
              ],
              [t("dev.used"), (one) => count(one.used), "end"],
              [t("dev.left"), (one) => (one.waived ? t("dev.waived") : count(one.left)), "end"],
              [t("dev.beyond"), (one) => word("risk_rule_action", one.action)],
            ]}
          />
          <p className="muted">
            {t("dev.endpoints_used", { used: data.endpoints, most: data.most_endpoints })}{" "}
            {t("dev.quota_text")}
          </p>
        </>
      )}
    </Part>
  );
}

// Whom a limit counts, in words.
const PER = {
  key: "dev.per_key",
  buyer: "dev.per_buyer",
  everybody: "dev.per_everybody",
  sku_buyer: "dev.per_buyer",
} as const;
const per = (of: string) => PER[of as keyof typeof PER] ?? PER.buyer;

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Ten minutes, in the largest unit that says it whole. */
export function lasting(seconds: number, lang: string): string {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? UNITS[3];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}
