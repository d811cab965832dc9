import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { deskQuery } from "@/api/desk";
import { Fault } from "@/api/errors";
import { type Me, meQuery } from "@/api/session";
import { later } from "@/i18n";
import { Broken, Missing } from "./faults";
import { Waiting } from "./waiting";
import { wordsQuery } from "./words";

/** The names a page knows in its address; all else is left out, and an empty one is none. */
function knows<Name extends string>(...names: Name[]) {
  return (raw: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(names.flatMap((name) => (raw[name] ? [[name, String(raw[name])]] : []))) as Partial<
      Record<Name, string>
    >;
}

/** A page, and the words that only pages need. */
function page<Module extends Record<string, unknown>>(load: () => Promise<Module>) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), later()]);
    return module;
  });
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  loader: ({ context }) => void context.queries.prefetchQuery(wordsQuery),
  component: Outlet,
  notFoundComponent: Missing,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context }) => {
    const me = await signedIn(context.queries);
    throw me ? redirect({ to: await startOf(context.queries, me) }) : redirect({ to: "/login" });
  },
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: knows("mall", "email", "to"),
  component: lazyRouteComponent(() => import("./login")),
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  loader: ({ context }) => context.queries.prefetchQuery(wordsQuery),
  component: lazyRouteComponent(() => import("./join")),
});

const shell = createRoute({
  getParentRoute: () => root,
  path: "/c/$org",
  beforeLoad: async ({ context, params, location }) => {
    const me = await signedIn(context.queries);
    // The address names a mall; somebody else's session does not open it.
    if (me?.mall.slug !== params.org)
      throw redirect({ to: "/login", search: { mall: params.org, to: location.href } });
  },
  loader: async ({ context }) => {
    const me = await signedIn(context.queries);
    // So that neither the menu nor a word changes under his hand.
    await Promise.all([
      me && context.queries.ensureQueryData(deskQuery(me)),
      context.queries.prefetchQuery(wordsQuery),
    ]);
  },
  component: lazyRouteComponent(() => import("./shell")),
});

/** Where he begins: as his company's line of business has it. */
async function startOf(queries: QueryClient, me: Me) {
  const start = (await queries.ensureQueryData(deskQuery(me)))?.start ?? "workbench";
  return (start === "workbench" ? `/c/${me.mall.slug}` : `/c/${me.mall.slug}/${start}`) as "/";
}

async function signedIn(queries: QueryClient) {
  try {
    return await queries.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof Fault && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

const LIST = ["q", "cursor", "sort", "open", "form"] as const;

const workbench = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("@/pages/workbench")),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  validateSearch: knows(...LIST, "tab", "kind"),
  component: page(() => import("@/pages/inbox")),
});
const approvalRules = createRoute({
  getParentRoute: () => shell,
  path: "/approval-rules",
  component: page(() => import("@/pages/approval-rules")),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: "/roles",
  validateSearch: knows("tab"),
  component: page(() => import("@/pages/roles")),
});
const orders = createRoute({
  getParentRoute: () => shell,
  path: "/orders",
  validateSearch: knows(
    ...LIST,
    "status",
    "buyer_id",
    "sku_id",
    "mode",
    "from",
    "to",
    "tab",
    "how",
    "file",
    "part",
  ),
  component: page(() => import("@/pages/orders")),
});
const order = createRoute({
  getParentRoute: () => shell,
  path: "/orders/$id",
  validateSearch: knows("part", "form"),
  component: page(() => import("@/pages/order")),
});
const work = createRoute({
  getParentRoute: () => shell,
  path: "/work",
  validateSearch: knows(...LIST, "status", "sku_id", "buyer_id", "mine"),
  component: page(() => import("@/pages/work")),
});
const purchases = createRoute({
  getParentRoute: () => shell,
  path: "/purchases",
  validateSearch: knows(...LIST, "supplier_id", "connection_id", "sku_id"),
  component: page(() => import("@/pages/purchases")),
});
const goods = createRoute({
  getParentRoute: () => shell,
  path: "/goods",
  validateSearch: knows(...LIST, "status", "product_id", "brand_id", "tab"),
  component: page(() => import("@/pages/goods")),
});
const vault = createRoute({
  getParentRoute: () => shell,
  path: "/vault",
  validateSearch: knows(
    ...LIST,
    "sku_id",
    "supplier_id",
    "lots",
    "expires_from",
    "expires_to",
    "tab",
    "status",
    "fingerprint",
    "batch",
    "seq",
  ),
  component: page(() => import("@/pages/vault")),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: "/import",
  validateSearch: knows("kind", "upload", "sku_id", "step"),
  component: page(() => import("@/pages/import")),
});
const prices = createRoute({
  getParentRoute: () => shell,
  path: "/prices",
  validateSearch: knows(...LIST, "tab", "book_id"),
  component: page(() => import("@/pages/prices")),
});
const restock = createRoute({
  getParentRoute: () => shell,
  path: "/restock",
  validateSearch: knows(...LIST, "tab", "status"),
  component: page(() => import("@/pages/restock")),
});
const suppliers = createRoute({
  getParentRoute: () => shell,
  path: "/suppliers",
  validateSearch: knows(...LIST, "tab", "status", "supplier_id"),
  component: page(() => import("@/pages/suppliers")),
});
const connections = createRoute({
  getParentRoute: () => shell,
  path: "/connections",
  validateSearch: knows(...LIST, "status", "protocol", "supplier_id"),
  component: page(() => import("@/pages/connections")),
});
const customers = createRoute({
  getParentRoute: () => shell,
  path: "/customers",
  validateSearch: knows(...LIST, "tier_id", "status"),
  component: page(() => import("@/pages/customers")),
});
const risk = createRoute({
  getParentRoute: () => shell,
  path: "/risk",
  validateSearch: knows(...LIST, "tab", "verdict", "buyer_id", "order_id", "list"),
  component: page(() => import("@/pages/risk")),
});
const reconcile = createRoute({
  getParentRoute: () => shell,
  path: "/reconcile",
  validateSearch: knows(...LIST, "connection_id", "tab", "status", "kind", "day"),
  component: page(() => import("@/pages/reconcile")),
});
const money = createRoute({
  getParentRoute: () => shell,
  path: "/money",
  validateSearch: knows(
    ...LIST,
    "tab",
    "kind",
    "owes",
    "locked",
    "overdue",
    "account_id",
    "order_id",
    "from",
    "to",
    "tax_category",
    "instrument_class",
    "status",
  ),
  component: page(() => import("@/pages/money")),
});
const sandbox = createRoute({
  getParentRoute: () => shell,
  path: "/sandbox",
  component: page(() => import("@/pages/sandbox")),
});
const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  validateSearch: knows(...LIST, "status", "kind", "mine"),
  component: page(() => import("@/pages/jobs")),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  validateSearch: knows(...LIST, "tab"),
  component: page(() => import("@/pages/people")),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: knows(...LIST, "subject", "actor_kind", "from", "to"),
  component: page(() => import("@/pages/audit")),
});
const company = createRoute({
  getParentRoute: () => shell,
  path: "/company",
  component: page(() => import("@/pages/enterprise/company")),
});
const requests = createRoute({
  getParentRoute: () => shell,
  path: "/requests",
  validateSearch: knows(...LIST, "tab", "status", "department_id", "new"),
  component: page(() => import("@/pages/enterprise/requests")),
});
const departments = createRoute({
  getParentRoute: () => shell,
  path: "/departments",
  validateSearch: knows(...LIST),
  component: page(() => import("@/pages/enterprise/departments")),
});
const statements = createRoute({
  getParentRoute: () => shell,
  path: "/statements",
  validateSearch: knows(...LIST, "department_id"),
  component: page(() => import("@/pages/enterprise/statements")),
});

const asked = createRoute({
  getParentRoute: () => shell,
  path: "/asked",
  validateSearch: knows(...LIST, "tab"),
  component: page(() => import("@/pages/supplier/asked")),
});
const myOffers = createRoute({
  getParentRoute: () => shell,
  path: "/my-offers",
  validateSearch: knows(...LIST, "status", "connection_id"),
  component: page(() => import("@/pages/supplier/offers")),
});
const myIntakes = createRoute({
  getParentRoute: () => shell,
  path: "/my-intakes",
  validateSearch: knows(...LIST, "status"),
  component: page(() => import("@/pages/supplier/intakes")),
});
const myLinks = createRoute({
  getParentRoute: () => shell,
  path: "/my-links",
  validateSearch: knows(...LIST, "connection_id"),
  component: page(() => import("@/pages/supplier/links")),
});
const mySettlement = createRoute({
  getParentRoute: () => shell,
  path: "/my-settlement",
  validateSearch: knows(...LIST, "tab", "connection_id", "day", "status"),
  component: page(() => import("@/pages/supplier/settlement")),
});
const market = createRoute({
  getParentRoute: () => shell,
  path: "/market",
  validateSearch: knows(...LIST),
  component: page(() => import("@/pages/distributor/market")),
});
const buy = createRoute({
  getParentRoute: () => shell,
  path: "/buy",
  validateSearch: knows(...LIST, "tab", "sku", "file"),
  component: page(() => import("@/pages/distributor/buy")),
});
const myOrders = createRoute({
  getParentRoute: () => shell,
  path: "/my-orders",
  validateSearch: knows(...LIST, "status", "from", "to", "part"),
  component: page(() => import("@/pages/distributor/orders")),
});
const funds = createRoute({
  getParentRoute: () => shell,
  path: "/funds",
  validateSearch: knows(...LIST, "tab"),
  component: page(() => import("@/pages/distributor/funds")),
});
const reports = createRoute({
  getParentRoute: () => shell,
  path: "/reports",
  validateSearch: knows("from", "to"),
  component: page(() => import("@/pages/distributor/reports")),
});
const team = createRoute({
  getParentRoute: () => shell,
  path: "/team",
  validateSearch: knows(...LIST),
  component: page(() => import("@/pages/distributor/team")),
});
const dev = createRoute({
  getParentRoute: () => shell,
  path: "/dev",
  validateSearch: knows(
    ...LIST,
    "tab",
    "hours",
    "refused",
    "code",
    "route",
    "organisation_id",
    "key_id",
    "ip",
    "status",
    "endpoint_id",
    "subject_id",
    "op",
    "event",
    "from",
    "to",
    "mode",
    "quota",
    "method",
    "path",
  ),
  component: page(() => import("@/pages/dev")),
});
const platform = createRoute({
  getParentRoute: () => shell,
  path: "/platform",
  validateSearch: knows(
    ...LIST,
    "tab",
    "hours",
    "status",
    "has_scope",
    "organisation_id",
    "unused_since",
    "failing",
  ),
  component: page(() => import("@/pages/platform")),
});
const system = createRoute({
  getParentRoute: () => shell,
  path: "/system",
  component: page(() => import("@/pages/system")),
});
const reveals = createRoute({
  getParentRoute: () => shell,
  path: "/reveals",
  validateSearch: knows(...LIST, "subject", "person_id"),
  component: page(() => import("@/pages/reveals")),
});
const security = createRoute({
  getParentRoute: () => shell,
  path: "/security",
  validateSearch: knows("tab"),
  component: page(() => import("@/pages/security")),
});

const tree = root.addChildren([
  home,
  login,
  join,
  shell.addChildren([
    workbench,
    inbox,
    orders,
    order,
    work,
    purchases,
    goods,
    vault,
    imports,
    prices,
    risk,
    restock,
    suppliers,
    connections,
    customers,
    reconcile,
    money,
    company,
    requests,
    departments,
    statements,
    sandbox,
    jobs,
    people,
    roles,
    approvalRules,
    audit,
    asked,
    myOffers,
    myIntakes,
    myLinks,
    mySettlement,
    market,
    buy,
    myOrders,
    funds,
    reports,
    team,
    dev,
    platform,
    system,
    reveals,
    security,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: Waiting,
    defaultErrorComponent: Broken,
    // Plain texts, so that an address can be read and written by hand.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(
        Object.entries(search).filter(([, v]) => v) as [string, string][],
      ).toString();
      return text ? `?${text}` : "";
    },
  });
}
