import { useSyncExternalStore } from "react";
import { LANGS, type Lang, speak } from "@/i18n";

/** What a person chose for himself on this machine. An address may say otherwise: ?lang=en&theme=dark. */
export interface Prefs {
  lang: Lang;
  theme: "light" | "dark" | "system";
  dense: boolean;
  narrow: boolean;
  hidden: Record<string, string[]>;
  /** How wide a list's columns are, in pixels, where somebody has drawn them. */
  widths: Record<string, Record<string, number>>;
  /** How many columns of a list stay when it is moved sideways. */
  pinned: Record<string, number>;
  /** Hints that are not wanted any more. */
  hushed: string[];
}

const KEY = "commissary.console";
const FIRST: Prefs = {
  lang: "zh-CN",
  theme: "system",
  dense: false,
  narrow: false,
  hidden: {},
  widths: {},
  pinned: {},
  hushed: [],
};
const listeners = new Set<() => void>();
let now: Prefs = read();

function read(): Prefs {
  let kept: Partial<Prefs> = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    // What cannot be read was not ours.
  }
  const asked = new URLSearchParams(location.search);
  const lang = LANGS.find((l) => l === asked.get("lang"));
  const theme = (["light", "dark", "system"] as const).find((l) => l === asked.get("theme"));
  return { ...FIRST, ...kept, ...(lang && { lang }), ...(theme && { theme }) };
}

export const prefs = (): Prefs => now;

export function setPrefs(change: Partial<Prefs>): void {
  now = { ...now, ...change };
  localStorage.setItem(KEY, JSON.stringify(now));
  if (change.lang) void speak(change.lang);
  for (const tell of listeners) tell();
}

export function usePrefs(): Prefs {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, prefs);
}

const night = window.matchMedia("(prefers-color-scheme: dark)");

export function useDark(): boolean {
  const { theme } = usePrefs();
  const system = useSyncExternalStore(
    (tell) => {
      night.addEventListener("change", tell);
      return () => night.removeEventListener("change", tell);
    },
    () => night.matches,
  );
  return theme === "dark" || (theme === "system" && system);
}
