import { useState } from "react";
import { useMe } from "@/api/session";

/** What somebody is writing, kept for this tab: it survives another page, a reload and a session that ended. */
export function useDraft<T>(name: string, empty: T): [T, (now: T) => void, () => void] {
  const me = useMe();
  const key = `draft.${me.mall.slug}.${me.person.id}.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? "null") ?? empty;
    } catch {
      return empty;
    }
  });
  const keep = (now: T): void => {
    setValue(now);
    sessionStorage.setItem(key, JSON.stringify(now));
  };
  const clear = (): void => {
    setValue(empty);
    sessionStorage.removeItem(key);
  };
  return [value, keep, clear];
}

/** What somebody chose last, kept on this machine for him alone; nothing where it is not to be kept. */
export function useKept(name: string, keeps: boolean): [string, (now: string) => void] {
  const me = useMe();
  const key = `kept.${me.mall.slug}.${me.person.id}.${name}`;
  return [
    (keeps && localStorage.getItem(key)) || "",
    (now) => {
      if (keeps) localStorage.setItem(key, now);
    },
  ];
}

/** A key of one's own for something that must happen once, however often it is sent. */
export function newKey(): string {
  const now = new Date().toISOString().slice(2, 19).replace(/\D/g, "");
  return `C${now}-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;
}
