import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";
import { useTranslation } from "react-i18next";
import { api, faultOf, got, type Of, send } from "./client";
import { useMay } from "./session";

const KEEP_MS = 300_000;
const AGAIN_MS = 30_000;
const KEEP = { staleTime: KEEP_MS } as const;
const MOST_PAGES = 10;

interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Of what a mall has few. Goods and companies are looked for, and named by their ids. */
async function every<T>(page: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < MOST_PAGES; n++) {
    const one = await page(cursor);
    found.push(...one.items);
    if (!one.next) break;
    cursor = one.next;
  }
  return found;
}

/** What a mall may have many of: never read in whole. */
export type Thing = "sku" | "product" | "buyer" | "supplier" | "connection";
type Kind = Thing | "person";
export type Named = Pick<Of<"NameOut">, "id" | "name" | "name_en" | "code">;

/** The right, the parameter that asks for names, and the list to look for one in, with its order. */
const OF: Record<Thing, { right: string; list: string; sort?: string }> = {
  sku: { right: "catalog.read", list: "/console/v1/skus", sort: "code" },
  product: { right: "catalog.read", list: "/console/v1/products" },
  buyer: { right: "partners.read", list: "/console/v1/buyers", sort: "name" },
  supplier: { right: "partners.read", list: "/console/v1/suppliers", sort: "name" },
  connection: { right: "supply.read", list: "/console/v1/connections", sort: "name" },
};

const drawn = new Set<() => void>();
const asking = new Set<string>();
let drawing = false;

function draw(): void {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    for (const one of drawn) one();
  }, 0);
}

/** Asked for once, with all that the page names at that moment; a failure is tried again a little later. */
function askFor(queries: QueryClient, kind: Thing, id: string): void {
  const about = `${kind}:${id}`;
  if (asking.has(about)) return;
  asking.add(about);
  const key = ["names", kind, id];
  nameOf(kind, id)
    .then(
      (name) => queries.setQueryData<Named | null>(key, name ?? null),
      () =>
        queries.setQueryData<Named | null>(key, (old) => old ?? null, {
          updatedAt: Date.now() - KEEP_MS + AGAIN_MS,
        }),
    )
    .finally(() => {
      asking.delete(about);
      draw();
    });
}

const IS_ID = /^[1-9]\d{0,18}$/;

/** What is known of things of a kind, by id; undefined of one that is not known yet, or not at all. */
export function useNamed(kind: Thing): (id: string | null | undefined) => Named | undefined {
  const queries = useQueryClient();
  const may = useMay();
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    drawn.add(again);
    return () => void drawn.delete(again);
  }, []);
  return (id) => {
    if (!id || !IS_ID.test(id) || !may(OF[kind].right)) return undefined;
    const state = queries.getQueryState<Named | null>(["names", kind, id]);
    if (!state || state.isInvalidated || Date.now() - state.dataUpdatedAt > KEEP_MS)
      askFor(queries, kind, id);
    return state?.data ?? undefined;
  };
}

/** In the reader's language. */
function useSay(): (one: Named) => string {
  const zh = useTranslation().i18n.language.startsWith("zh");
  return (one) => (zh ? one.name : one.name_en || one.name);
}

/** As it is shown where one is chosen: with its article number. */
export function useLabel(): (one: Named) => string {
  const say = useSay();
  return (one) => (one.code ? `${one.code} ${say(one)}` : say(one));
}

function useNameOf(kind: Thing): (id: string | null | undefined) => string {
  const named = useNamed(kind);
  const say = useSay();
  return (id) => {
    const one = named(id);
    return one ? say(one) : id || "–";
  };
}

export const useSkuName = () => useNameOf("sku");
export const useProductName = () => useNameOf("product");
export const useBuyerName = () => useNameOf("buyer");
export const useSupplierName = () => useNameOf("supplier");
export const useConnectionName = () => useNameOf("connection");

export type Narrowing = Record<string, string | readonly string[] | undefined>;

/** Those of a kind that what was typed may mean, a few of them; `more`: and others. */
export async function lookFor(
  kind: Thing,
  q: string,
  where: Narrowing = {},
): Promise<{ items: Named[]; more: boolean }> {
  const { list, sort } = OF[kind];
  const url = new URL(list, location.origin);
  for (const [name, value] of Object.entries({ ...where, q, sort, size: "20" }))
    for (const one of [value ?? ""].flat()) if (one) url.searchParams.append(name, one);
  const response = await send(url.href);
  if (!response.ok) throw faultOf(response, await response.json().catch(() => undefined));
  const page: Page<{ id: string; name?: string; name_zh?: string; name_en?: string; code?: string }> =
    await response.json();
  const items = page.items.map((one) => ({
    id: one.id,
    name: one.name_zh ?? one.name ?? "",
    name_en: one.name_en ?? null,
    code: one.code ?? null,
  }));
  return { items, more: !!page.next };
}

/** A whole SKU: its kind, and the fields of its orders. */
export function useSku(id: string | undefined): Of<"SkuOut"> | undefined {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["names", "whole sku", id],
    enabled: !!id && may("catalog.read"),
    queryFn: () => got(api.GET("/console/v1/skus/{sku_id}", { params: { path: { sku_id: id ?? "" } } })),
    ...KEEP,
  });
  return id ? data : undefined;
}

/** Our accounts with suppliers: a mall has few. */
export function useConnections(): Of<"ConnectionOut">[] {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["names", "connections"],
    enabled: may("supply.read"),
    queryFn: () =>
      every((cursor) =>
        got(api.GET("/console/v1/connections", { params: { query: { size: 200, cursor } } })),
      ),
    ...KEEP,
  });
  return data ?? [];
}

export function nameIn(all: { id: string; name: string }[]): (id: string | null | undefined) => string {
  const by = new Map(all.map((one) => [one.id, one.name]));
  return (id) => (id ? (by.get(id) ?? id) : "–");
}

function useNames<T>(key: string, needs: string, read: () => Promise<T[]>): T[] {
  const may = useMay();
  const { data } = useQuery({ queryKey: ["names", key], enabled: may(needs), queryFn: read, ...KEEP });
  return data ?? [];
}

export const useBrands = (): Of<"BrandOut">[] =>
  useNames("brands", "catalog.read", () =>
    every((cursor) => got(api.GET("/console/v1/brands", { params: { query: { size: 200, cursor } } }))),
  );

export const useTaxCategories = (): string[] =>
  useNames("tax", "catalog.read", async () => [
    ...new Set((await got(api.GET("/console/v1/tax-rules"))).map((rule) => rule.category)),
  ]);

export const useBooks = (): Of<"BookOut">[] =>
  useNames("books", "pricing.read", () =>
    every((cursor) => got(api.GET("/console/v1/books", { params: { query: { size: 200, cursor } } }))),
  );

export const useProtocols = (): Of<"ProtocolOut">[] =>
  useNames("protocols", "supply.read", () => got(api.GET("/console/v1/protocols")));

export const useTiers = (): Of<"TierOut">[] =>
  useNames("tiers", "partners.read", () => got(api.GET("/console/v1/tiers")));

/** Both names of a thing, for `useSaid`. */
export const pair = (one: { name_zh: string; name_en: string } | undefined) =>
  one && { zh: one.name_zh, en: one.name_en };

/** What a person is called; "" is one whose name one may not know, undefined while nobody has said. */
export function usePersonName(id: string | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ["names", "person", id],
    queryFn: async () => (await nameOf("person", id ?? ""))?.name ?? "",
    enabled: id !== undefined,
    ...KEEP,
  });
  return data;
}

const ASKED = {
  person: "people",
  sku: "skus",
  product: "products",
  buyer: "buyers",
  supplier: "suppliers",
  connection: "connections",
} as const;

interface Waiting {
  kind: Kind;
  id: string;
  told: (name: Named | undefined) => void;
  failed: (error: unknown) => void;
}

const TOGETHER = 100;
let waiting: Waiting[] = [];

/** Those that are asked for in one drawing of a page are asked for together. */
function nameOf(kind: Kind, id: string): Promise<Named | undefined> {
  return new Promise((told, failed) => {
    if (waiting.length === 0) setTimeout(askAll, 0);
    waiting.push({ kind, id, told, failed });
  });
}

function askAll(): void {
  const asked = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const about = `${one.kind}:${one.id}`;
    asked.set(about, [...(asked.get(about) ?? []), one]);
  }
  waiting = [];
  const each = [...asked.values()];
  for (let from = 0; from < each.length; from += TOGETHER) void askSome(each.slice(from, from + TOGETHER));
}

async function askSome(asked: Waiting[][]): Promise<void> {
  try {
    const query: Partial<Record<(typeof ASKED)[Kind], string>> = {};
    for (const [one] of asked) {
      if (!one) continue;
      const name = ASKED[one.kind];
      query[name] = query[name] ? `${query[name]},${one.id}` : one.id;
    }
    const found = await got(api.GET("/console/v1/names", { params: { query } }));
    const names = new Map(found.items.map((one) => [`${one.kind}:${one.id}`, one]));
    for (const each of asked) for (const one of each) one.told(names.get(`${one.kind}:${one.id}`));
  } catch (error) {
    for (const each of asked) for (const one of each) one.failed(error);
  }
}
