import { useSyncExternalStore } from "react";

/**
 * Secrets of test keys, as long as this tab lives: made here a moment ago, or pasted. In memory alone, in no storage, and sent nowhere:
 * what leaves the browser is a signature. A live key's secret is not kept at all.
 */
const held = new Map<string, string>();
const waiting = new Set<() => void>();

export const isTest = (key: string): boolean => key.startsWith("ck_test_");

export function holdSecret(key: string, secret: string): void {
  if (!isTest(key)) return;
  if (secret) held.set(key, secret);
  else held.delete(key);
  for (const one of waiting) one();
}

export function useSecret(key: string | undefined): string {
  return useSyncExternalStore(
    (told) => {
      waiting.add(told);
      return () => waiting.delete(told);
    },
    () => (key && held.get(key)) || "",
  );
}

/** Whether this tab can sign for the key. */
export const holds = (key: string): boolean => held.has(key);
