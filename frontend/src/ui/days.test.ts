import { describe, expect, it } from "vitest";
import { dayIn, periodOf } from "./days";
import { startOf } from "./Time";

describe("a stretch of days", () => {
  it.each([
    ["today", "2026-03-01", "2026-03-01", "2026-03-01"],
    ["yesterday", "2026-03-01", "2026-02-28", "2026-02-28"],
    ["7d", "2026-03-01", "2026-02-23", "2026-03-01"],
    ["month", "2026-03-31", "2026-03-01", "2026-03-31"],
    ["last_month", "2026-03-31", "2026-02-01", "2026-02-28"],
    ["last_month", "2026-01-01", "2025-12-01", "2025-12-31"],
    ["overdue", "2026-03-01", "1970-01-01", "2026-02-28"],
    ["next_7d", "2026-02-27", "2026-02-27", "2026-03-05"],
    ["next_30d", "2026-02-27", "2026-02-27", "2026-03-28"],
  ] as const)("%s on %s is %s to %s", (name, today, first, last) => {
    expect(periodOf(name, today)).toEqual([first, last]);
    expect([dayIn(name, today, false), dayIn(name, today, true)]).toEqual([first, last]);
  });

  it("is the mall's own day: half-open, from its midnight to its midnight", () => {
    // In UTC it is still the evening of February; in Shanghai the first of March has begun.
    const now = new Date("2026-02-28T17:00:00Z");
    expect(startOf("today", "Asia/Shanghai", 0, now)).toBe("2026-02-28T16:00:00.000Z");
    expect(startOf("today", "Asia/Shanghai", 1, now)).toBe("2026-03-01T16:00:00.000Z");
    expect(startOf("last_month", "Asia/Shanghai", 0, now)).toBe("2026-01-31T16:00:00.000Z");
    expect(startOf("last_month", "Asia/Shanghai", 1, now)).toBe("2026-02-28T16:00:00.000Z");
    expect(startOf("2026-02-03", "Asia/Shanghai", 1, now)).toBe("2026-02-03T16:00:00.000Z");
    // The clocks go forward in the night of the 29th: its day has 23 hours.
    const spring = new Date("2026-03-29T12:00:00Z");
    expect(startOf("today", "Europe/Berlin", 0, spring)).toBe("2026-03-28T23:00:00.000Z");
    expect(startOf("today", "Europe/Berlin", 1, spring)).toBe("2026-03-29T22:00:00.000Z");
  });
});
