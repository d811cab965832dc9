import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/session";
import { dayIn, shift } from "./days";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const formats = new Map<string, Intl.DateTimeFormat>();

export function timeText(at: string, malls: string, lang: string, day = false): string {
  // A plain day is the same day everywhere.
  const zone = at.length === 10 ? "UTC" : malls;
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

/** The first instant of a day in a zone, in UTC; `plus` days later. A stretch of days by name begins with its first, or, with
 * `plus`, ends with its last. */
export const startOf = (day: string, zone: string, plus = 0, now = new Date()): string =>
  instantOf(`${shift(dayIn(day, todayIn(zone, now), plus > 0), plus)}T00:00`, zone);

export const todayIn = (zone: string, now = new Date()): string =>
  clockOf(now.toISOString(), zone).slice(0, 10);

/** When the clocks of a zone show `2026-11-27T08:30`, in UTC. */
export function instantOf(shows: string, zone: string): string {
  const utc = Date.parse(`${shows}Z`);
  // Twice, for days on which the clocks are changed.
  const first = utc - (shownIn(utc, zone) - utc);
  return new Date(first - (shownIn(first, zone) - utc)).toISOString();
}

/** What the clocks of a zone show then, as `2026-11-27T08:30`. */
export const clockOf = (at: string, zone: string): string =>
  new Date(shownIn(Date.parse(at), zone)).toISOString().slice(0, 16);

function shownIn(at: number, zone: string): number {
  const there = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${there.format(at).replace(" ", "T")}Z`);
}

export function ago(at: string, lang: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = STEPS.find(([, s]) => Math.abs(seconds) >= s) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

interface Props {
  at: string | null | undefined;
  /** How long ago, with the exact time in the title; else the other way round. */
  near?: boolean;
  day?: boolean;
  /** `at` is the first instant that is no longer within: the day before it is the last that is. */
  last?: boolean;
}

/** In the mall's zone, which stands in the title. */
export function Time({ at, near, day, last }: Props) {
  const lang = useTranslation().i18n.language;
  const zone = useQuery({ ...meQuery, enabled: false }).data?.mall.zone ?? "Asia/Shanghai";
  if (!at) return <span className="muted">–</span>;
  const shown = last ? new Date(Date.parse(at) - 1).toISOString() : at;
  const exact = timeText(shown, zone, lang, day);
  const since = ago(shown, lang);
  return (
    <time dateTime={shown} className="time" title={`${near ? exact : since} · ${zone}`}>
      {near ? since : exact}
    </time>
  );
}
