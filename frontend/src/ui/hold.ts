import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Told, useLive } from "@/api/live";
import type { Page } from "./DataTable";
import type { Search } from "./list";

/** Rows as somebody looks at them: what came by itself changes what stands in them, never where they stand. */
export interface Held<Row> {
  rows: Row[];
  /** Keys of those that are in the list no longer. */
  gone: ReadonlySet<string>;
  /** How many are in the list by now and not shown. */
  added: number;
  /** The list has others, or has them in another order. */
  moved: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const as = <Row>(rows: Row[]): Held<Row> => ({ rows, gone: NONE, added: 0, moved: false });

/** `part`: the rows are not the whole list. What then stands beyond the last that both have may as well have come from
 *  the next page, or gone there: it is neither new nor gone. */
export function held<Row>(shown: Row[], fresh: Row[], keyOf: (row: Row) => string, part: boolean): Held<Row> {
  const now = new Map(fresh.map((row) => [keyOf(row), row]));
  const before = shown.map(keyOf);
  const known = new Set(before);
  const after = [...now.keys()];
  const stay = before.filter((key) => now.has(key));
  const order = after.filter((key) => known.has(key));
  const end = part ? before.lastIndexOf(stay.at(-1) ?? "") : before.length;
  const edge = part ? after.lastIndexOf(order.at(-1) ?? "") : after.length;
  return {
    rows: shown.map((row) => now.get(keyOf(row)) ?? row),
    gone: new Set(before.filter((key, at) => !now.has(key) && at < end)),
    added: after.filter((key, at) => !known.has(key) && at < edge).length,
    moved: before.length !== after.length || before.some((key, at) => key !== after[at]),
  };
}

interface Asked<Row> {
  id: string;
  search: Search;
  ready: boolean;
  load: (search: Search) => Promise<Page<Row>>;
  poll?: number;
  keyOf: (row: Row) => string;
  /** How they stand, where that is not the server's to say. */
  sorted: (rows: Row[], whole: boolean) => Row[];
}

interface Answer<Row> {
  page: Page<Row>;
  /** Asked for by the person who looks, by whatever he did. */
  own: boolean;
}

interface Kept<Row> extends Held<Row> {
  of: string;
  answer: Answer<Row>;
  /** Of the answer that was taken last. */
  page: Page<Row>;
  whole: boolean;
  /** What was asked for on coming here has come. */
  settled: boolean;
}

/** The rows of a list. What a person does shows the newest at once: coming, filtering, leafing, reading again, and whatever he
 *  changed. What comes by itself waits until he takes it; only an empty list takes it by itself. */
export function useHeld<Row>({ id, search, ready, load, poll, keyOf, sorted }: Asked<Row>) {
  const queries = useQueryClient();
  const queryKey = [id, "list", search];
  const query = useQuery({
    queryKey,
    enabled: ready,
    queryFn: async (): Promise<Answer<Row>> => {
      // A deed says of the lists that it touched that they are stale; what merely grew old is read by itself.
      const own = queries.getQueryState(queryKey)?.isInvalidated ?? false;
      return { page: await load(search), own };
    },
    placeholderData: keepPreviousData,
    refetchInterval: poll,
  });
  const [kept, keep] = useState<Kept<Row>>();
  const of = JSON.stringify(search);
  const { error, isPending, isFetching } = query;
  // A reading that failed is called stale as well, and nobody has done anything.
  useEffect(() => {
    if (!error) return;
    const queryKey = [id, "list", JSON.parse(of) as Search];
    queries.getQueryCache().find({ queryKey })?.setState({ isInvalidated: false });
  }, [error, id, of, queries]);
  const answer = query.data;
  const take = (one: Answer<Row>, settled: boolean): Kept<Row> => {
    const whole = !one.page.next && !search.cursor;
    const rows = sorted(one.page.items, whole);
    return { ...as(rows), of, answer: one, page: one.page, whole, settled };
  };
  let now = answer && kept;
  if (answer) {
    const here = kept?.of === of ? kept : undefined;
    const settled = here?.settled || (ready && !isFetching && !query.isPlaceholderData);
    if (!here || (here.answer !== answer && (!here.settled || answer.own || !here.rows.length)))
      now = take(answer, settled);
    else if (here.answer !== answer) {
      const part = !here.whole || !!answer.page.next;
      const fresh = sorted(answer.page.items, !part);
      now = { ...here, ...held(here.rows, fresh, keyOf, part), answer, settled };
    } else if (here.settled !== settled) now = { ...here, settled };
    if (now !== kept) keep(now);
  }
  return {
    error,
    isPending,
    isFetching,
    ...(now ?? as<Row>([])),
    whole: now?.whole ?? false,
    page: now && { ...now.page, items: now.rows },
    /** Show what has come. */
    show: () => answer && keep(take(answer, true)),
    again: () => void queries.invalidateQueries({ queryKey: [id] }),
  };
}

/** Somebody else changed these. What is open reads it, and a list offers it; all else is read when it is looked at next. */
export function tell(queries: QueryClient, keys: readonly string[]): void {
  for (const key of keys) {
    void queries.invalidateQueries({ queryKey: [key], type: "inactive", refetchType: "none" });
    void queries.refetchQueries({ queryKey: [key], type: "active" });
  }
}

const GATHER_MS = 2_000;

/** A list that others change hears of it; many events at once are one reading. */
export function useHeard(event: keyof Told, key: string): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hear = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      tell(queries, [key]);
    }, GATHER_MS);
  };
  useLive(event, hear);
  // What came between the first reading and the beginning of the stream, or while it was broken.
  useLive("hello", hear);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
