import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { held, tell, useHeld } from "./hold";

interface Row {
  id: string;
  state: string;
}
const rows = (text: string, state = "open"): Row[] => [...text].map((id) => ({ id, state }));
const text = (some: Row[]): string => some.map((row) => row.id).join("");
const FAILS = "fails";
const keyOf = (row: Row): string => row.id;

describe("what came by itself", () => {
  it.each([
    // shown, fresh, part: gone, added, moved
    ["abc", "abc", false, "", 0, false],
    ["abc", "xabc", false, "", 1, true],
    ["abc", "ac", false, "b", 0, true],
    ["abc", "abcx", false, "", 1, true],
    ["abc", "acb", false, "", 0, true],
    ["abc", "ab", false, "c", 0, true],
    ["abc", "", false, "abc", 0, true],
    ["abc", "xab", true, "", 1, true], // c is on the next page
    ["abc", "bcd", true, "a", 0, true], // d has come from the next page
    ["abc", "xyz", true, "", 0, true],
  ])("over %s the list is %s", (shown, fresh, part, gone, added, moved) => {
    const found = held(rows(shown), rows(fresh, "done"), keyOf, part);
    expect(text(found.rows)).toBe(shown);
    expect([...found.gone].join("")).toBe(gone);
    expect(found.added).toBe(added);
    expect(found.moved).toBe(moved);
    for (const row of found.rows) expect(row.state).toBe(fresh.includes(row.id) ? "done" : "open");
  });
});

describe("a list that somebody looks at", () => {
  const looking = async (first: string) => {
    let answer = first;
    const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: false } } });
    const { result, rerender } = renderHook(
      ({ search }) =>
        useHeld<Row>({
          id: "work",
          search,
          ready: true,
          load: async () => {
            if (answer === FAILS) throw new Error("not now");
            return { items: rows(answer), next: null };
          },
          keyOf,
          sorted: (some) => some,
        }),
      {
        initialProps: { search: {} as Record<string, string> },
        wrapper: ({ children }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>,
      },
    );
    const settle = () => act(() => new Promise((done) => setTimeout(done, 20)));
    await settle();
    return {
      now: () => result.current,
      shown: () => text(result.current.rows),
      byItself: async (next: string) => {
        answer = next;
        tell(queries, ["work"]);
        await settle();
      },
      byHand: async (next: string) => {
        answer = next;
        await queries.invalidateQueries({ queryKey: ["work"] });
        await settle();
      },
      filter: async (next: string, search: Record<string, string>) => {
        answer = next;
        rerender({ search });
        await settle();
      },
      take: () => act(() => result.current.show()),
    };
  };

  it("holds still until it is taken", async () => {
    const list = await looking("abc");
    await list.byItself("xac");
    expect(list.shown()).toBe("abc");
    expect([list.now().added, list.now().moved, [...list.now().gone]]).toEqual([1, true, ["b"]]);
    await list.byItself("xabc");
    expect([...list.now().gone]).toEqual([]);
    list.take();
    expect(list.shown()).toBe("xabc");
    expect(list.now().moved).toBe(false);
  });

  it("shows at once what the person did, even when the same had come before", async () => {
    const list = await looking("abc");
    await list.byItself("ac");
    await list.byHand("ac");
    expect(list.shown()).toBe("ac");
    await list.filter("c", { status: "open" });
    expect(list.shown()).toBe("c");
    await list.byItself("xc");
    expect(list.shown()).toBe("c");
    await list.filter("xac", {});
    expect(list.shown()).toBe("xac");
  });

  it("does not move when a reading failed, and the next did not", async () => {
    const list = await looking("abc");
    await list.byItself("");
    await list.byItself("abc");
    await list.byItself(FAILS);
    expect(list.now().error).toBeTruthy();
    expect(list.shown()).toBe("abc");
    await list.byItself("xabc");
    expect(list.now().error).toBeNull();
    expect(list.shown()).toBe("abc");
    await list.byItself(FAILS);
    await list.byHand("xyabc");
    expect(list.shown()).toBe("xyabc");
  });

  it("fills itself while it is empty", async () => {
    const list = await looking("");
    await list.byItself("ab");
    expect(list.shown()).toBe("ab");
    await list.byItself("");
    expect(list.shown()).toBe("ab");
    expect([...list.now().gone]).toEqual(["a", "b"]);
  });
});
