import type { Of } from "@/api/client";

type Entry = Of<"commissary.pricing.wire.EntryOut">;

/** From `at` on a piece costs so much; null: it is not in the book. */
export interface Step {
  at: number;
  price: number | null;
}

/** How the price of so many pieces went in one book, oldest first. Of two for the same instant the one that was written last holds. */
export function course(newestFirst: Entry[], quantity = 1): Step[] {
  const by = new Map<number, number | null>();
  for (const one of [...newestFirst].reverse()) {
    const rung = one.rungs.filter((each) => each.minimum <= quantity).at(-1);
    by.set(Date.parse(one.valid_from), rung ? Number(rung.unit_price.amount) : null);
  }
  return [...by].map(([at, price]) => ({ at, price })).sort((a, b) => a.at - b.at);
}

export interface Moves {
  count: number;
  /** The standard deviation of the moves, as a share. */
  deviation: number;
  /** The farthest move, with its sign. */
  farthest: number;
}

/** A move is the price after a change over the price before it, less one; changes that move nothing count as none. */
export function moves(steps: Step[]): Moves {
  const priced = steps.flatMap((step) => (step.price === null ? [] : [step.price]));
  const each = priced
    .slice(1)
    .map((price, n) => price / (priced[n] as number) - 1)
    .filter((move) => move !== 0);
  if (!each.length) return { count: 0, deviation: 0, farthest: 0 };
  const mean = each.reduce((sum, move) => sum + move, 0) / each.length;
  const deviation = Math.sqrt(each.reduce((sum, move) => sum + (move - mean) ** 2, 0) / each.length);
  const farthest = each.reduce((far, move) => (Math.abs(move) > Math.abs(far) ? move : far), 0);
  return { count: each.length, deviation, farthest };
}
