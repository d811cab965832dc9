import { expect, test } from "vitest";
import type { Of } from "@/api/client";
import { course, moves } from "./course";

const entry = (day: number, ...prices: [number, string][]) =>
  ({
    valid_from: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`,
    rungs: prices.map(([minimum, amount]) => ({ minimum, unit_price: { amount, currency: "CNY" } })),
  }) as Of<"commissary.pricing.wire.EntryOut">;

test("what was written last holds from an instant on, and each quantity has its course", () => {
  // Newest first, as the server tells: an entry for the 5th was taken back before it came.
  const told = [
    entry(5, [1, "10"]),
    entry(3, [1, "8"]),
    entry(5, [1, "12"]),
    entry(2),
    entry(1, [1, "10"], [10, "9"]),
  ];
  expect(course(told).map((step) => step.price)).toEqual([10, null, 8, 10]);
  expect(course(told, 10).map((step) => step.price)).toEqual([9, null, 8, 10]);
});

test("volatility is the standard deviation of the moves from one price to the next", () => {
  const told = moves([100, 110, 110, 99].map((price, at) => ({ at, price })));
  expect(told.count).toBe(2);
  expect(told.deviation).toBeCloseTo(0.1);
  expect(Math.abs(told.farthest)).toBeCloseTo(0.1);
  expect(moves([{ at: 0, price: 5 }])).toEqual({ count: 0, deviation: 0, farthest: 0 });
});
