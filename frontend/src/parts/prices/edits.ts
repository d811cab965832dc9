import { useEffect, useState } from "react";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { draftKey, drop, keep, recall } from "@/ui/form/draft";

/** Book → SKU → the price of one piece as it was written, over the ladder that held. */
export type Edits = Record<string, Record<string, { amount: string; rungs: Of<"Rung">[] }>>;

type Edit = (book: string, sku: string, rungs: Of<"Rung">[], amount: string | undefined) => void;

const without = <T>(of: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(of).filter(([one]) => one !== name));

/** Kept on this machine until they are written or forgotten. */
export function useEdits(): [Edits, Edit, (book?: string) => void] {
  const me = useMe();
  const key = draftKey(`${me.mall.slug}.${me.person.id}`, "matrix", "");
  const [edits, setEdits] = useState<Edits>(() => (recall(key)?.values as Edits | undefined) ?? {});
  useEffect(() => {
    if (Object.keys(edits).length) keep(key, { at: Date.now(), values: edits, base: {} });
    else drop(key);
  }, [edits, key]);
  const edit: Edit = (book, sku, rungs, amount) =>
    setEdits((now) => {
      const others = without(now[book] ?? {}, sku);
      const of = amount === undefined ? others : { ...others, [sku]: { amount, rungs } };
      return Object.keys(of).length ? { ...now, [book]: of } : without(now, book);
    });
  return [edits, edit, (book) => setEdits((now) => (book ? without(now, book) : {}))];
}

/** As the API takes them: the other rungs stay; an emptied price takes the SKU out of the book. */
export function priced(of: Edits[string], currency: string): Of<"PriceIn">[] {
  return Object.entries(of).map(([sku_id, { amount, rungs }]) => {
    const first = { minimum: 1, unit_price: { amount: amount.trim(), currency } };
    return { sku_id, rungs: amount.trim() === "" ? [] : [first, ...rungs.slice(1)] };
  });
}
