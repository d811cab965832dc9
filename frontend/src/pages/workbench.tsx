import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/session";
import { Lights } from "@/parts/workbench/Lights";
import { TodoCard } from "@/parts/workbench/TodoCard";
import { TODOS } from "@/parts/workbench/todos";
import { EmptyState } from "@/ui/EmptyState";
import { Bones } from "@/ui/fields";
import { Screen } from "@/ui/Screen";

const PulseStrip = lazy(() => import("@/parts/Pulse"));
const FirstSteps = lazy(() => import("@/parts/workbench/FirstSteps"));
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
      {may("mall.read") && (
        <Suspense fallback={null}>
          <FirstSteps />
        </Suspense>
      )}
      <div className="cards">
        {mine.map((todo) => (
          <TodoCard key={todo.id} todo={todo} />
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
