import { useEffect, useState } from "react";
import { useMe } from "@/api/session";

/** What is being written, kept in the tab for him alone until it is sent: a lost session or a reload takes
 * nothing away. */
export function useDraft<T>(name: string, blank: () => T): [T, (change: Partial<T>) => void, () => void] {
  const me = useMe();
  const place = `draft.${me.mall.slug}.${me.person.id}.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = sessionStorage.getItem(place);
      return kept ? { ...blank(), ...(JSON.parse(kept) as T) } : blank();
    } catch {
      return blank();
    }
  });
  useEffect(() => {
    sessionStorage.setItem(place, JSON.stringify(value));
  }, [place, value]);
  const change = (some: Partial<T>): void => setValue((now) => ({ ...now, ...some }));
  return [value, change, () => setValue(blank())];
}
