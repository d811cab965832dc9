import { api, got } from "@/api/client";

export interface Todo {
  id:
    | "inbox"
    | "intakes"
    | "objections"
    | "differences"
    | "review"
    | "work"
    | "purchases"
    | "proposals"
    | "papers"
    | "quarantines"
    | "low"
    | "stuck";
  page: string;
  search?: Record<string, string>;
  needs: string;
  count: () => Promise<{ items: unknown[]; next?: string | null }>;
}

const SIZE = 50;

const list = { size: SIZE } as const;

export const TODOS: Todo[] = [
  {
    id: "inbox",
    page: "inbox",
    needs: "mall.read",
    count: () => got(api.GET("/console/v1/inbox", { params: { query: {} } })),
  },
  {
    id: "review",
    page: "work",
    search: { status: "review" },
    needs: "fulfilment.read",
    count: () => got(api.GET("/console/v1/work", { params: { query: { ...list, status: ["review"] } } })),
  },
  {
    id: "work",
    page: "work",
    search: { status: "waiting" },
    needs: "fulfilment.read",
    count: () => got(api.GET("/console/v1/work", { params: { query: { ...list, status: ["waiting"] } } })),
  },
  {
    id: "purchases",
    page: "purchases",
    needs: "fulfilment.read",
    count: () => got(api.GET("/console/v1/purchases", { params: { query: list } })),
  },
  {
    id: "proposals",
    page: "prices",
    search: { tab: "proposals" },
    needs: "pricing.read",
    count: () =>
      got(api.GET("/console/v1/price-proposals", { params: { query: list } })).then((page) => ({
        ...page,
        items: page.items.filter((one) => !one.decided_by),
      })),
  },
  {
    id: "papers",
    page: "suppliers",
    search: { tab: "papers", status: "submitted" },
    needs: "partners.read",
    count: () => got(api.GET("/console/v1/papers", { params: { query: { ...list, status: "submitted" } } })),
  },
  {
    id: "quarantines",
    page: "suppliers",
    needs: "partners.read",
    count: () => got(api.GET("/console/v1/quarantines", { params: { query: { ...list, status: "open" } } })),
  },
  {
    id: "intakes",
    page: "vault",
    search: { tab: "intakes", status: "waiting" },
    needs: "stock.import",
    count: () => got(api.GET("/console/v1/intakes", { params: { query: { ...list, status: "waiting" } } })),
  },
  {
    id: "differences",
    page: "reconcile",
    search: { status: "open" },
    needs: "settlement.read",
    count: () => got(api.GET("/console/v1/differences", { params: { query: { ...list, status: "open" } } })),
  },
  {
    id: "objections",
    page: "reconcile",
    search: { tab: "objections", status: "open" },
    needs: "settlement.read",
    count: () => got(api.GET("/console/v1/objections", { params: { query: { ...list, status: "open" } } })),
  },
  {
    id: "low",
    page: "vault",
    search: { tab: "low" },
    needs: "stock.read",
    count: () => got(api.GET("/console/v1/stock/low", { params: { query: { size: SIZE } } })),
  },
  {
    id: "stuck",
    page: "jobs",
    search: { status: "failed" },
    needs: "jobs.read",
    count: () => got(api.GET("/console/v1/jobs", { params: { query: { ...list, status: ["failed"] } } })),
  },
];
