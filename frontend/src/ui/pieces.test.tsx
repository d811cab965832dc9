import { describe, expect, it } from "vitest";
import { creditLeft, moneyText, plain } from "./Money";
import { ago, startOf, timeText } from "./Time";

describe("money", () => {
  it.each([
    ["1234567.5000", "1,234,567.50"],
    ["-0.0100", "−0.01"],
    ["12.3456", "12.3456"],
    ["0.0000", "0.00"],
    // More than a float can hold: text stays text.
    ["9007199254740993.1200", "9,007,199,254,740,993.12"],
  ])("%s is written %s", (amount, shown) => expect(plain(amount)).toBe(shown));

  it("says four places of a price per piece", () => expect(plain("9.5000", true)).toBe("9.5000"));

  it.each([
    ["20000.0000", "70000.0000", "20000.0000"],
    ["20000.0000", "15000.5000", "15000.5000"],
    ["20000.0000", "-3.0100", "0.0000"],
    ["0.0000", "70000.0000", "0.0000"],
  ])("of a line of %s with %s to spend %s is left", (limit, available, left) => {
    const yuan = (amount: string) => ({ amount, currency: "CNY" });
    expect(creditLeft(yuan(limit), yuan(available))).toEqual(yuan(left));
  });

  it("puts the sign before the currency", () => {
    expect(moneyText({ amount: "-3.5000", currency: "CNY" })).toBe("−¥3.50");
    expect(moneyText({ amount: "3.5000", currency: "XAF" })).toBe("XAF 3.50");
  });
});

describe("time", () => {
  it("is the mall's, not the browser's", () => {
    expect(timeText("2026-11-26T22:00:00Z", "Asia/Shanghai", "zh-CN")).toBe("2026/11/27 06:00:00");
    expect(timeText("2026-11-26T22:00:00Z", "UTC", "en", true)).toBe("26/11/2026");
    expect(timeText("2029-01-01", "America/New_York", "zh-CN", true)).toBe("2029/01/01");
  });

  it.each([
    ["2026-11-27", "Asia/Shanghai", 0, "2026-11-26T16:00:00.000Z"],
    ["2026-11-27", "Asia/Shanghai", 1, "2026-11-27T16:00:00.000Z"],
    ["2026-03-29", "Europe/Berlin", 0, "2026-03-28T23:00:00.000Z"],
    ["2026-03-29", "Europe/Berlin", 1, "2026-03-29T22:00:00.000Z"],
    ["2026-01-01", "UTC", 0, "2026-01-01T00:00:00.000Z"],
  ])("%s begins in %s (+%i) at %s", (day, zone, plus, at) => expect(startOf(day, zone, plus)).toBe(at));

  it("says how long ago", () =>
    expect(ago("2026-11-26T21:00:00Z", "en", Date.parse("2026-11-26T23:30:00Z"))).toBe("2 hours ago"));
});
