import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Fault } from "@/api/errors";
import { meQuery } from "@/api/session";
import { Broken, Missing } from "./faults";
import { Waiting } from "./waiting";

/** The names a page knows in its address; all else is left out, and an empty one is none. */
function knows<Name extends string>(...names: Name[]) {
  return (raw: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(names.flatMap((name) => (raw[name] ? [[name, String(raw[name])]] : []))) as Partial<
      Record<Name, string>
    >;
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context }) => {
    const me = await signedIn(context.queries);
    throw me ? redirect({ to: "/c/$org", params: { org: me.mall.slug } }) : redirect({ to: "/login" });
  },
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: knows("mall", "to"),
  component: lazyRouteComponent(() => import("./login")),
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
  component: lazyRouteComponent(() => import("./shell")),
});

async function signedIn(queries: QueryClient) {
  try {
    return await queries.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof Fault && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

const LIST = ["q", "cursor", "sort", "open"] as const;

const workbench = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("@/pages/workbench")),
});
const orders = createRoute({
  getParentRoute: () => shell,
  path: "/orders",
  validateSearch: knows(...LIST, "status", "buyer_id", "sku_id", "from", "to", "tab"),
  component: lazyRouteComponent(() => import("@/pages/orders")),
});
const work = createRoute({
  getParentRoute: () => shell,
  path: "/work",
  validateSearch: knows(...LIST, "status", "sku_id", "buyer_id", "mine"),
  component: lazyRouteComponent(() => import("@/pages/work")),
});
const purchases = createRoute({
  getParentRoute: () => shell,
  path: "/purchases",
  validateSearch: knows(...LIST),
  component: lazyRouteComponent(() => import("@/pages/purchases")),
});
const goods = createRoute({
  getParentRoute: () => shell,
  path: "/goods",
  validateSearch: knows(...LIST, "status", "product_id", "brand_id", "tab"),
  component: lazyRouteComponent(() => import("@/pages/goods")),
});
const vault = createRoute({
  getParentRoute: () => shell,
  path: "/vault",
  validateSearch: knows(...LIST, "sku_id"),
  component: lazyRouteComponent(() => import("@/pages/vault")),
});
const prices = createRoute({
  getParentRoute: () => shell,
  path: "/prices",
  validateSearch: knows(...LIST, "tab", "book_id"),
  component: lazyRouteComponent(() => import("@/pages/prices")),
});
const suppliers = createRoute({
  getParentRoute: () => shell,
  path: "/suppliers",
  validateSearch: knows(...LIST, "tab", "status", "supplier_id"),
  component: lazyRouteComponent(() => import("@/pages/suppliers")),
});
const connections = createRoute({
  getParentRoute: () => shell,
  path: "/connections",
  validateSearch: knows(...LIST),
  component: lazyRouteComponent(() => import("@/pages/connections")),
});
const customers = createRoute({
  getParentRoute: () => shell,
  path: "/customers",
  validateSearch: knows(...LIST, "tier_id"),
  component: lazyRouteComponent(() => import("@/pages/customers")),
});
const reconcile = createRoute({
  getParentRoute: () => shell,
  path: "/reconcile",
  validateSearch: knows(...LIST, "connection_id", "tab", "status", "kind", "day"),
  component: lazyRouteComponent(() => import("@/pages/reconcile")),
});
const sandbox = createRoute({
  getParentRoute: () => shell,
  path: "/sandbox",
  component: lazyRouteComponent(() => import("@/pages/sandbox")),
});
const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  validateSearch: knows(...LIST, "status", "kind"),
  component: lazyRouteComponent(() => import("@/pages/jobs")),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  validateSearch: knows(...LIST, "tab"),
  component: lazyRouteComponent(() => import("@/pages/people")),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: knows(...LIST, "subject"),
  component: lazyRouteComponent(() => import("@/pages/audit")),
});

const tree = root.addChildren([
  home,
  login,
  shell.addChildren([
    workbench,
    orders,
    work,
    purchases,
    goods,
    vault,
    prices,
    suppliers,
    connections,
    customers,
    reconcile,
    sandbox,
    jobs,
    people,
    audit,
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
