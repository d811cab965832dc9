import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/session";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const formats = new Map<string, Intl.DateTimeFormat>();

export function timeText(at: string, zone: string, lang: string, day = false): string {
  const key = `${zone} ${lang} ${day}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      ...(!day && { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    });
    formats.set(key, format);
  }
  return format.format(new Date(at));
}

/** The first instant of a day in a zone, in UTC; `plus` days later. */
export function startOf(day: string, zone: string, plus = 0): string {
  const utc = Date.parse(`${day}T00:00:00Z`) + plus * 86_400_000;
  const there = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  const shown = (at: number): number => Date.parse(`${there.format(at).replace(" ", "T")}Z`);
  // Twice, for days on which the clocks are changed.
  const first = utc - (shown(utc) - utc);
  return new Date(first - (shown(first) - utc)).toISOString();
}

export function ago(at: string, lang: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = STEPS.find(([, s]) => Math.abs(seconds) >= s) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** In the mall's zone, which stands in the title with how long ago it is; `near` the other way round. */
export function Time({ at, near, day }: { at: string | null | undefined; near?: boolean; day?: boolean }) {
  const lang = useTranslation().i18n.language;
  const zone = useQuery({ ...meQuery, enabled: false }).data?.mall.zone ?? "Asia/Shanghai";
  if (!at) return <span className="muted">–</span>;
  const exact = timeText(at, zone, lang, day);
  const since = ago(at, lang);
  return (
    <time dateTime={at} className="time" title={`${near ? exact : since} · ${zone}`}>
      {near ? since : exact}
    </time>
  );
}
