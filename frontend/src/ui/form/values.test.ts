import { describe, expect, it } from "vitest";
import { dayOf } from "./DayInput";
import type { Field } from "./fields";
import { lineOf, placeOf } from "./jsonplace";
import { inLang, lacks, merge, placed, read } from "./values";

const FIELDS: Field[] = [
  { kind: "text", name: "name", label: "Name", must: true },
  { kind: "money", name: "face", label: "Face", currency: "CNY", none: null },
  { kind: "whole", name: "days", label: "Days", least: 1 },
  { kind: "choice", name: "kind", label: "Kind", choices: [] },
  { kind: "text", name: "pattern", label: "Pattern", when: (v) => v.kind === "topup" },
  { kind: "json", name: "settings", label: "Settings", also: ["*"] },
  {
    kind: "rows",
    name: "rungs",
    label: "Rungs",
    add: "+",
    blank: {},
    of: [{ kind: "money", name: "price", label: "Price", currency: "CNY", must: true }],
  },
];

describe("what is written", () => {
  it("is sent as the API takes it; what is hidden or empty is left out, unless its emptiness says something", () => {
    const written = { name: " Card ", face: "", kind: "code", pattern: "x", rungs: [{ price: "9.5" }] };
    expect(read(FIELDS, written)).toEqual({
      name: "Card",
      face: null,
      kind: "code",
      rungs: [{ price: { amount: "9.5", currency: "CNY" } }],
    });
  });

  it("is refused where it cannot be meant, down to the row", () => {
    const written = { face: "9,50", days: 0, settings: "{", rungs: [{ price: "1" }, { price: "" }] };
    expect(lacks(FIELDS, written)).toEqual({
      name: "must",
      face: "amount",
      days: "least",
      settings: "json",
      "rungs[1].price": "must",
    });
  });
});

describe("what the server says of fields", () => {
  it("stands at the field it is about, and what is of none stays on top", () => {
    const said = [
      { path: "$.name", message: "taken" },
      { path: "rungs[1].price", message: "too low" },
      { path: "sign.put.name", message: "not a header" },
    ];
    const found = placed(FIELDS, {}, said);
    expect(found.at).toEqual({
      name: "taken",
      "rungs[1].price": "too low",
      settings: "sign.put.name: not a header",
    });
    expect(found.rest).toEqual([]);
    expect(placed(FIELDS.slice(0, 2), {}, said).rest.map((one) => one.path)).toEqual([
      "rungs[1].price",
      "sign.put.name",
    ]);
  });
});

describe("a reason in both languages", () => {
  it.each([
    ["is not set / \u672a\u8bbe\u7f6e", true, "\u672a\u8bbe\u7f6e"],
    ["is not set / \u672a\u8bbe\u7f6e", false, "is not set"],
    ["between 1 / 2 and 3", true, "between 1 / 2 and 3"],
  ])("%s", (said, zh, shown) => expect(inLang(said, zh)).toBe(shown));
});

describe("two who change the same thing", () => {
  it("keep what only one of them changed, and choose where both did", () => {
    const base = { name: "A", days: 1, note: "" };
    const found = merge(base, { ...base, name: "mine" }, { name: "theirs", days: 2, note: "" });
    expect(found.values).toEqual({ name: "mine", days: 2, note: "" });
    expect(found.clashes).toEqual([{ name: "name", mine: "mine", theirs: "theirs" }]);
    expect(found.taken.map((one) => one.name)).toEqual(["days"]);
  });
});

describe("a day", () => {
  it.each([
    ["2026/11/27", "zh-CN", "2026-11-27"],
    ["27/11/2026", "en", "2026-11-27"],
    ["20261127", "en", "2026-11-27"],
    ["2026-2-3", "en", "2026-02-03"],
    ["31/02/2026", "en", undefined],
    ["27/11/2026", "zh-CN", undefined],
    ["soon", "en", undefined],
  ])("%s in %s is %s", (text, lang, day) => expect(dayOf(text, lang)).toBe(day));
});

describe("a place in JSON", () => {
  const text = JSON.stringify({ sign: { put: { name: 'a,}"' } }, words: ["x", { y: 1 }] }, null, 2);
  it.each([
    ["sign.put.name", 4],
    ["words[1].y", 10],
    // What is not there is missing from the nearest thing that is.
    ["sign.spec", 2],
  ])("%s is at line %i", (path, line) => expect(lineOf(text, placeOf(text, path))).toBe(line));
});
