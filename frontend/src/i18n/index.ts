import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { initReactI18next, useTranslation } from "react-i18next";
import type zh from "./zh-CN.json";

export const LANGS = ["zh-CN", "en"] as const;
export type Lang = (typeof LANGS)[number];

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof zh };
  }
}

type Words = () => Promise<{ default: unknown }>;

const TEXTS: Record<Lang, { first: Words; later: Words }> = {
  "zh-CN": {
    first: () => import("./zh-CN.json?first"),
    later: () => import("./zh-CN.json?later"),
  },
  en: { first: () => import("./en.json?first"), later: () => import("./en.json?later") },
};

// Some page is there, so that another language needs its words too.
let paged = false;

/** Only the language that is shown is fetched. */
export async function speak(lang: Lang): Promise<void> {
  const { default: words } = await TEXTS[lang].first();
  if (!i18next.isInitialized)
    await i18next.use(initReactI18next).init({
      lng: lang,
      resources: {},
      interpolation: { escapeValue: false },
      returnNull: false,
      showSupportNotice: false,
    });
  i18next.addResourceBundle(lang, "translation", words, true, true);
  if (paged) await add(lang);
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
}

/** The words that only pages need. */
export async function later(): Promise<void> {
  paged = true;
  await add(i18next.language as Lang);
}

async function add(lang: Lang): Promise<void> {
  if (i18next.getResource(lang, "translation", "dev")) return;
  const { default: words } = await TEXTS[lang].later();
  i18next.addResourceBundle(lang, "translation", words, true, true);
}

type Both = { zh: string; en: string };

let told: ReadonlyMap<string, Both> = new Map();
const waiting = new Set<() => void>();

/** Words of the server for its own codes, by `kind.code`; they win over ours. What is on the screen is said anew. */
export function learn(words: Iterable<[string, Both]>): void {
  told = new Map([...told, ...words]);
  for (const hear of waiting) hear();
}

function listen(hear: () => void): () => void {
  waiting.add(hear);
  return () => waiting.delete(hear);
}

/** The word of a code that the server sent; the code itself when nobody has told what it means. */
export function useWord(): (kind: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation();
  const words = useSyncExternalStore(listen, () => told);
  return (kind, code) => {
    if (!code) return "–";
    const known = words.get(`${kind}.${code}`);
    if (known) return i18n.language.startsWith("zh") ? known.zh : known.en;
    // A dot would lead one level down.
    return String(t(`enum.${kind}.${code.replaceAll(".", "_")}` as never, { defaultValue: code }));
  };
}

/** A text that exists in both languages on the wire. */
export function useSaid(): (both: { zh?: string; en?: string } | null | undefined) => string {
  const { i18n } = useTranslation();
  return (both) => (i18n.language.startsWith("zh") ? both?.zh : both?.en) ?? "";
}
