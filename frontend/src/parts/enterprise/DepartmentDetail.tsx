import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  AskButton,
  DangerConfirm,
  Descriptions,
  Input,
  Money,
  Part,
  Select,
  Small,
  StatusTag,
  Time,
  useAct,
  useKey,
} from "@/ui";
import { DepartmentFields, draftOf } from "./DepartmentFields";
import { DepartmentKey } from "./DepartmentKey";
import { amountOf, type Department } from "./departments";
import { Members } from "./Members";

const DIRECTIONS = ["to_department", "to_company"] as const;

/** A department's money, members and rules; who may not manage them only reads. */
export function DepartmentDetail({ one }: { one: Department }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = { params: { path: { department_id: one.id } } };
  const currency = one.available.currency;
  const [draft, setDraft] = useState(() => draftOf(one));
  const edit = useAct(
    () =>
      got(
        api.PATCH("/console/v1/own/departments/{department_id}", {
          ...path,
          body: {
            name: draft.name,
            cost_centre: draft.cost_centre,
            returns_rest: draft.returns_rest,
            month_budget: amountOf(draft.month_budget, currency),
            order_limit: { amount: draft.order_limit || "0", currency },
            month_limit: { amount: draft.month_limit || "0", currency },
          },
        }),
      ),
    "departments",
  );
  const close = useAct(
    () => got(api.POST("/console/v1/own/departments/{department_id}/close", path)),
    "departments",
  );
  return (
    <>
      {one.status === "open" && may("own.departments.write") && (
        <div className="acts gap">
          <MoveBudget one={one} />
          <AskButton
            label={t("enterprise.edit")}
            testid="edit-department"
            ready={draft.name.trim() !== ""}
            run={() => edit.mutateAsync(undefined)}
          >
            <DepartmentFields draft={draft} change={(some) => setDraft({ ...draft, ...some })} />
          </AskButton>
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

function MoveBudget({ one }: { one: Department }) {
  const { t } = useTranslation();
  const word = useWord();
  const key = useKey();
  const [amount, setAmount] = useState("");
  const [direction, setDirection] = useState<(typeof DIRECTIONS)[number]>("to_department");
  const move = useAct(
    (memo: string) =>
      got(
        api.POST("/console/v1/own/departments/{department_id}/budget-moves", {
          params: { path: { department_id: one.id }, header: { "Idempotency-Key": key.now() } },
          body: { direction, amount: { amount, currency: one.available.currency }, memo: memo || null },
        }),
      ).then(key.next),
    "departments",
  );
  return (
    <AskButton
      label={t("enterprise.move")}
      effect={t("enterprise.move_text")}
      primary
      reason="may"
      testid="move-budget"
      ready={amount.trim() !== ""}
      run={(memo) => move.mutateAsync(memo).then(() => setAmount(""))}
    >
      <label className="field">
        <span>{t("enterprise.direction")}</span>
        <Select
          value={direction}
          change={(value) => setDirection(value as typeof direction)}
          choices={DIRECTIONS.map((value) => ({ value, label: word("direction", value) }))}
        />
      </label>
      <label className="field">
        <span>{t("f.amount")}</span>
        <Input
          value={amount}
          inputMode="decimal"
          data-testid="amount"
          onChange={(event) => setAmount(event.target.value)}
        />
      </label>
    </AskButton>
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
