import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { DangerConfirm, Descriptions, Money, Part, Small, StatusTag, Time, useAct } from "@/ui";
import { DepartmentForm, MoveBudget } from "./DepartmentForm";
import { DepartmentKey } from "./DepartmentKey";
import type { Department } from "./departments";
import { Members } from "./Members";

/** A department's money, members and rules; who may not manage them only reads. */
export function DepartmentDetail({ one }: { one: Department }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = { params: { path: { department_id: one.id } } };
  const close = useAct(
    () => got(api.POST("/console/v1/own/departments/{department_id}/close", path)),
    "departments",
  );
  return (
    <>
      {one.status === "open" && may("own.departments.write") && (
        <div className="acts gap">
          <MoveBudget one={one} />
          <DepartmentForm one={one} currency={one.available.currency} />
          <DepartmentKey id={one.id} />
          <DangerConfirm
            label={t("enterprise.close")}
            effect={t("enterprise.close_text")}
            type={one.name}
            testid="close-department"
            run={() => close.mutateAsync(undefined)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [
            t("f.status"),
            <StatusTag
              key="s"
              kind="department"
              code={one.status}
              tone={one.status === "open" ? "good" : "off"}
            />,
          ],
          [t("enterprise.cost_centre"), one.cost_centre],
          [t("f.available_money"), <Money key="a" value={one.available} />],
          [t("f.held"), <Money key="h" value={one.held} />],
          [t("enterprise.spent"), <Money key="p" value={one.spent} />],
          [t("enterprise.month_budget"), <Money key="b" value={one.month_budget} />],
          [t("enterprise.returns_rest"), one.returns_rest ? t("yes") : t("no")],
          [t("enterprise.order_limit"), <Money key="o" value={one.order_limit} />],
          [t("enterprise.month_limit"), <Money key="m" value={one.month_limit} />],
        ]}
      />
      <Members one={one} />
      <Transfers id={one.id} />
    </>
  );
}

function Transfers({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const transfers = useQuery({
    queryKey: ["departments", "transfers", id],
    queryFn: () =>
      got(
        api.GET("/console/v1/own/departments/{department_id}/transfers", {
          params: { path: { department_id: id }, query: { size: 20 } },
        }),
      ),
  });
  return (
    <Part title={t("enterprise.transfers")}>
      <Small
        of={transfers}
        rows={transfers.data?.items ?? []}
        keyOf={(row) => row.id}
        none={t("enterprise.no_transfers")}
        columns={[
          [t("f.at"), (row) => <Time at={row.at} />],
          [t("f.kind"), (row) => word("transfer", row.kind)],
          [t("f.amount"), (row) => <Money value={row.amount} />, "end"],
          [t("f.memo"), (row) => row.memo ?? "–"],
        ]}
      />
    </Part>
  );
}
