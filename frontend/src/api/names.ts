import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "./client";
import { useMay } from "./session";

const KEEP = { staleTime: 300_000 } as const;
const MOST_PAGES = 10;

interface Page<T> {
  items: T[];
  next?: string | null;
}

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

/** SKUs by id, for lists that know only ids; empty for who may not see goods. */
export function useSkus(): Map<string, Of<"SkuOut">> {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["names", "skus"],
    enabled: may("catalog.read"),
    queryFn: () =>
      every((cursor) => got(api.GET("/console/v1/skus", { params: { query: { size: 200, cursor } } }))),
    ...KEEP,
  });
  return new Map((data ?? []).map((one) => [one.id, one]));
}

export function useSkuName(): (id: string) => string {
  const skus = useSkus();
  const zh = useTranslation().i18n.language.startsWith("zh");
  return (id) => {
    const sku = skus.get(id);
    return sku ? (zh ? sku.name_zh : sku.name_en) : id;
  };
}

export function useSuppliers(): Of<"SupplierOut">[] {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["names", "suppliers"],
    enabled: may("partners.read"),
    queryFn: () =>
      every((cursor) => got(api.GET("/console/v1/suppliers", { params: { query: { size: 200, cursor } } }))),
    ...KEEP,
  });
  return data ?? [];
}

export function useBuyers(): Of<"BuyerOut">[] {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["names", "buyers"],
    enabled: may("partners.read"),
    queryFn: () =>
      every((cursor) => got(api.GET("/console/v1/buyers", { params: { query: { size: 200, cursor } } }))),
    ...KEEP,
  });
  return data ?? [];
}

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

export const useProducts = (): Of<"ProductOut">[] =>
  useNames("products", "catalog.read", () =>
    every((cursor) => got(api.GET("/console/v1/products", { params: { query: { size: 200, cursor } } }))),
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
    queryFn: () => personName(id ?? ""),
    enabled: id !== undefined,
    ...KEEP,
  });
  return data;
}

interface Waiting {
  told: (name: string) => void;
  failed: (error: unknown) => void;
}

const TOGETHER = 100;
let waiting = new Map<string, Waiting[]>();

/** Those who are asked for in one drawing of a page are asked for together. */
function personName(id: string): Promise<string> {
  return new Promise((told, failed) => {
    if (waiting.size === 0) setTimeout(askAll, 0);
    waiting.set(id, [...(waiting.get(id) ?? []), { told, failed }]);
  });
}

function askAll(): void {
  const asked = [...waiting];
  waiting = new Map();
  for (let from = 0; from < asked.length; from += TOGETHER) void askSome(asked.slice(from, from + TOGETHER));
}

async function askSome(asked: [string, Waiting[]][]): Promise<void> {
  try {
    const people = asked.map(([id]) => id).join(",");
    const found = await got(api.GET("/console/v1/names", { params: { query: { people } } }));
    const names = new Map(found.items.map((one) => [one.id, one.name]));
    for (const [id, each] of asked) for (const one of each) one.told(names.get(id) ?? "");
  } catch (error) {
    for (const [, each] of asked) for (const one of each) one.failed(error);
  }
}
