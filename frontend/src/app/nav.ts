import {
  IconApi,
  IconAudit,
  IconConnections,
  IconCustomers,
  IconGoods,
  IconHome,
  IconInbox,
  IconJobs,
  IconMoney,
  IconOrders,
  IconPeople,
  IconPlatform,
  IconPrices,
  IconPurchases,
  IconReconcile,
  IconReports,
  IconReveals,
  IconRoles,
  IconRules,
  IconSandbox,
  IconSecurity,
  IconSuppliers,
  IconSystem,
  IconVault,
  IconWarn,
  IconWork,
} from "@/ui/icons";
import { ENTERPRISE_PAGES } from "./nav-enterprise";

import { SUPPLIER_PAGES } from "./nav-supplier";

/** `key`: pressed after g. `needs`: any of these permissions. Texts: nav.<id>. */
export const PAGES = [
  { id: "workbench", group: "day", key: "h", needs: [], icon: IconHome },
  { id: "inbox", group: "day", key: "i", needs: ["mall.read"], icon: IconInbox },
  ...SUPPLIER_PAGES,
  // A buyer's own people; the mall's staff have none of these rights.
  { id: "market", group: "goods", key: "g", needs: ["own.catalog.read"], icon: IconGoods },
  { id: "buy", group: "day", key: "b", needs: ["own.orders.write"], icon: IconPurchases },
  { id: "my-orders", group: "day", key: "o", needs: ["own.orders.read"], icon: IconOrders },
  { id: "funds", group: "money", key: "f", needs: ["own.balance.read"], icon: IconReconcile },
  { id: "reports", group: "money", key: "r", needs: ["own.orders.read"], icon: IconReports },
  { id: "team", group: "system", key: "e", needs: ["own.people.write"], icon: IconPeople },
  { id: "orders", group: "day", key: "o", needs: ["orders.read"], icon: IconOrders },
  { id: "work", group: "day", key: "w", needs: ["fulfilment.read"], icon: IconWork },
  { id: "purchases", group: "day", key: "b", needs: ["fulfilment.read"], icon: IconPurchases },
  { id: "risk", group: "day", key: "m", needs: ["risk.read"], icon: IconWarn },
  { id: "goods", group: "goods", key: "g", needs: ["catalog.read"], icon: IconGoods },
  { id: "vault", group: "goods", key: "v", needs: ["stock.read"], icon: IconVault },
  {
    id: "restock",
    group: "goods",
    key: "q",
    needs: ["supply.read", "approvals.decide"],
    icon: IconPurchases,
  },
  { id: "prices", group: "goods", key: "p", needs: ["pricing.read"], icon: IconPrices },
  { id: "suppliers", group: "partners", key: "s", needs: ["partners.read"], icon: IconSuppliers },
  { id: "connections", group: "partners", key: "c", needs: ["supply.read"], icon: IconConnections },
  { id: "customers", group: "partners", key: "u", needs: ["partners.read"], icon: IconCustomers },
  { id: "money", group: "money", key: "f", needs: ["ledger.read"], icon: IconMoney },
  { id: "reconcile", group: "money", key: "r", needs: ["settlement.read"], icon: IconReconcile },
  ...ENTERPRISE_PAGES,
  { id: "sandbox", group: "system", key: "x", needs: ["sandbox.read", "own.keys.write"], icon: IconSandbox },
  { id: "jobs", group: "system", key: "j", needs: ["jobs.read"], icon: IconJobs },
  { id: "people", group: "system", key: "e", needs: ["people.read"], icon: IconPeople },
  { id: "roles", group: "system", key: "y", needs: ["people.read"], icon: IconRoles },
  { id: "approval-rules", group: "system", key: "l", needs: ["approvals.read"], icon: IconRules },
  { id: "dev", group: "system", key: "d", needs: ["keys.read", "own.keys.write"], icon: IconApi },
  { id: "platform", group: "system", key: "t", needs: ["keys.read"], icon: IconPlatform },
  { id: "system", group: "system", key: "z", needs: ["jobs.read"], icon: IconSystem },
  { id: "audit", group: "system", key: "a", needs: ["audit.read"], icon: IconAudit },
  { id: "reveals", group: "system", key: "n", needs: ["audit.read", "own.codes.read"], icon: IconReveals },
  { id: "security", group: "system", key: "k", needs: [], icon: IconSecurity },
] as const;

export const GROUPS = ["day", "goods", "partners", "money", "company", "system"] as const;
export type PageId = (typeof PAGES)[number]["id"];

export type Page = (typeof PAGES)[number];

export function open(may: (permission: string) => boolean): Page[] {
  return PAGES.filter((page) => page.needs.length === 0 || page.needs.some(may));
}

/** Those that come first, in that order, and all others. */
export function arranged(pages: Page[], menu: readonly string[]): { first: Page[]; rest: Page[] } {
  const first = menu.flatMap((id) => pages.filter((page) => page.id === id));
  return { first, rest: pages.filter((page) => !first.includes(page)) };
}
