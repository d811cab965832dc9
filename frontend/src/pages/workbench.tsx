import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useConnections } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { Bones, EmptyState, IconGood, IconWarn, Part, Screen, StatusTag, Time } from "@/ui";

const SIZE = 50;

interface Todo {
  id:
    | "inbox"
    | "intakes"
    | "objections"
    | "review"
    | "work"
    | "purchases"
    | "proposals"
    | "papers"
    | "quarantines"
    | "stuck";
  page: string;
  search?: Record<string, string>;
  needs: string;
  count: () => Promise<{ items: unknown[]; next?: string | null }>;
}

const list = { size: SIZE } as const;
const TODOS: Todo[] = [
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
    id: "objections",
    page: "reconcile",
    search: { tab: "objections", status: "open" },
    needs: "settlement.read",
    count: () => got(api.GET("/console/v1/objections", { params: { query: { ...list, status: "open" } } })),
  },
  {
    id: "stuck",
    page: "jobs",
    search: { status: "failed" },
    needs: "jobs.read",
    count: () => got(api.GET("/console/v1/jobs", { params: { query: { ...list, status: ["failed"] } } })),
  },
];

const PulseStrip = lazy(() => import("@/parts/Pulse"));
const SupplierHome = lazy(() => import("./supplier/home"));
const DistributorHome = lazy(() => import("./distributor/home"));
const CompanyHome = lazy(() => import("./enterprise/company"));

export default function Workbench() {
  const kind = useMe().organisation.kind;
  const may = useMay();
  if (kind === "mall") return <StaffWorkbench />;
  if (kind === "supplier") return <SupplierHome />;
  return may("own.balance.read") ? <DistributorHome /> : <CompanyHome />;
}

function StaffWorkbench() {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const mine = TODOS.filter((todo) => may(todo.needs));
  return (
    <Screen title={t("nav.workbench")} text={t("workbench.text", { name: me.person.name })}>
      <div className="cards">
        {mine.map((todo) => (
          <Card key={todo.id} todo={todo} />
        ))}
      </div>
      {mine.length === 0 && <EmptyState title={t("workbench.none")} text={t("workbench.none_text")} />}
      {may("orders.read") && (
        <Suspense fallback={<Bones />}>
          <PulseStrip />
        </Suspense>
      )}
      {may("supply.read") && <Lights />}
    </Screen>
  );
}

function Card({ todo }: { todo: Todo }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error } = useQuery({
    queryKey: [todo.page, "todo", todo.id],
    queryFn: todo.count,
    refetchInterval: 30_000,
  });
  const count = data?.items.length ?? 0;
  return (
    <Link
      to={`/c/$org/${todo.page}` as "/c/$org/work"}
      params={{ org: me.mall.slug }}
      search={todo.search ?? {}}
      className={data && count === 0 ? "todo none" : "todo"}
      data-testid={`todo-${todo.id}`}
    >
      <strong>{error ? "!" : data ? `${count}${data.next ? "+" : ""}` : "…"}</strong>
      <span>
        {count ? <IconWarn aria-hidden /> : <IconGood aria-hidden />} {t(`workbench.${todo.id}`)}
      </span>
      <small>{error ? t("workbench.unread") : t(`workbench.${todo.id}_text`)}</small>
    </Link>
  );
}

/** Do the suppliers answer? */
function Lights() {
  const { t } = useTranslation();
  const me = useMe();
  const connections = useConnections();
  if (!connections.length) return null;
  return (
    <Part title={t("workbench.lights")}>
      <div className="cards">
        {connections.map((one) => (
          <Link
            key={one.id}
            to="/c/$org/connections"
            params={{ org: me.mall.slug }}
            search={{ open: one.id }}
            className="todo"
          >
            <span>{one.name}</span>
            <StatusTag kind="connection" code={one.state} />
            <small>
              <Time at={one.state_at} near /> {one.reason}
            </small>
          </Link>
        ))}
      </div>
    </Part>
  );
}
