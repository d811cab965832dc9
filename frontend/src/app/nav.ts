import {
  IconAudit,
  IconConnections,
  IconCustomers,
  IconGoods,
  IconHome,
  IconJobs,
  IconOrders,
  IconPeople,
  IconPrices,
  IconPurchases,
  IconReconcile,
  IconSandbox,
  IconSuppliers,
  IconVault,
  IconWork,
} from "@/ui/icons";

/** `key`: pressed after g. `needs`: any of these permissions. Texts: nav.<id>. */
export const PAGES = [
  { id: "workbench", group: "day", key: "h", needs: [], icon: IconHome },
  { id: "orders", group: "day", key: "o", needs: ["orders.read"], icon: IconOrders },
  { id: "work", group: "day", key: "w", needs: ["fulfilment.read"], icon: IconWork },
  { id: "purchases", group: "day", key: "b", needs: ["fulfilment.read"], icon: IconPurchases },
  { id: "goods", group: "goods", key: "g", needs: ["catalog.read"], icon: IconGoods },
  { id: "vault", group: "goods", key: "v", needs: ["stock.read"], icon: IconVault },
  { id: "prices", group: "goods", key: "p", needs: ["pricing.read"], icon: IconPrices },
  { id: "suppliers", group: "partners", key: "s", needs: ["partners.read"], icon: IconSuppliers },
  { id: "connections", group: "partners", key: "c", needs: ["supply.read"], icon: IconConnections },
  { id: "customers", group: "partners", key: "u", needs: ["partners.read"], icon: IconCustomers },
  { id: "reconcile", group: "money", key: "r", needs: ["settlement.read"], icon: IconReconcile },
  { id: "sandbox", group: "system", key: "x", needs: ["sandbox.read", "own.keys.write"], icon: IconSandbox },
  { id: "jobs", group: "system", key: "j", needs: ["jobs.read"], icon: IconJobs },
  { id: "people", group: "system", key: "e", needs: ["people.read"], icon: IconPeople },
  { id: "audit", group: "system", key: "a", needs: ["audit.read"], icon: IconAudit },
] as const;

export const GROUPS = ["day", "goods", "partners", "money", "system"] as const;
export type PageId = (typeof PAGES)[number]["id"];

export function open(may: (permission: string) => boolean): (typeof PAGES)[number][] {
  return PAGES.filter((page) => page.needs.length === 0 || page.needs.some(may));
}
