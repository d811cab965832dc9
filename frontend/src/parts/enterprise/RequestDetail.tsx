import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  AskButton,
  Bones,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  moneyText,
  Part,
  ReasonForm,
  Small,
  Time,
  useAct,
} from "@/ui";
import { RequestTag, useGoodName } from "./requests";

/** A request with its goods and recipients; whoever may decides here. */
export function RequestDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const name = useGoodName();
  const {
    data: one,
    error,
    refetch,
  } = useQuery({
    queryKey: ["requests", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/own/requests/{request_id}", { params: { path: { request_id: id } } })),
  });
  if (error && !one) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!one) return <Bones rows={8} />;
  return (
    <>
      <Acts one={one} />
      <Descriptions
        pairs={[
          [t("f.status"), <RequestTag key="s" one={one} />],
          [t("enterprise.department"), one.department],
          [t("enterprise.asker"), one.asker],
          [t("f.reason"), one.reason],
          [t("f.amount"), <Money key="a" value={one.amount} />],
          [t("enterprise.max_amount"), <Money key="m" value={one.max_amount} />],
          [t("enterprise.asked_at"), <Time key="t" at={one.asked_at} />],
          [t("enterprise.decider"), one.decider ?? (one.alone ? t("enterprise.alone") : "")],
          [t("f.decided_at"), <Time key="d" at={one.decided_at} />],
          [t("enterprise.comment"), one.comment],
          one.failure ? [t("enterprise.failure"), word("refusal", one.failure)] : null,
          one.order_id ? [t("f.order"), <CopyCode key="o" text={one.order_id} />] : null,
        ]}
      />
      <Part title={t("f.goods")}>
        <Small
          rows={one.lines}
          keyOf={(line) => `${line.sku_id}-${line.quantity}-${JSON.stringify(line.fields)}`}
          none=""
          columns={[
            [t("f.sku"), (line) => name(line.sku_id)],
            [t("f.quantity"), (line) => line.quantity.toLocaleString(), "end"],
            [t("f.unit_price"), (line) => <Money value={line.unit_price} unit />, "end"],
            [t("enterprise.fields"), (line) => Object.values(line.fields ?? {}).join(", ") || "–"],
          ]}
        />
      </Part>
      <Part title={t("enterprise.recipients")}>
        <Small
          rows={one.recipients ?? []}
          keyOf={(r) => `${r.name}-${r.contact}`}
          none={t("enterprise.no_recipients")}
          columns={[
            [t("f.name"), (r) => r.name],
            [t("enterprise.contact"), (r) => r.contact || "–"],
          ]}
        />
      </Part>
    </>
  );
}

function Acts({ one }: { one: Of<"RequestOut"> }) {
  const { t } = useTranslation();
  const me = useMe();
  const path = { params: { path: { request_id: one.id } } };
  const decide = useAct(
    (body: Of<"RequestDecisionIn">) =>
      got(api.POST("/console/v1/own/requests/{request_id}/decide", { ...path, body })),
    "requests",
    "departments",
  );
  const withdraw = useAct(
    () => got(api.POST("/console/v1/own/requests/{request_id}/withdraw", path)),
    "requests",
  );
  return (
    <div className="acts gap">
      {one.may_decide && (
        <>
          <AskButton
            label={t("enterprise.approve")}
            effect={t("enterprise.approve_text", {
              amount: moneyText(one.max_amount),
              department: one.department,
            })}
            primary
            reason="may"
            testid="approve"
            run={(comment) => decide.mutateAsync({ approve: true, max_amount: one.max_amount, comment })}
          />
          <ReasonForm
            label={t("enterprise.refuse")}
            danger
            testid="refuse"
            run={(comment) => decide.mutateAsync({ approve: false, comment })}
          />
        </>
      )}
      {one.status === "asked" && one.asked_by === me.person.id && (
        <AskButton
          label={t("enterprise.withdraw")}
          testid="withdraw"
          run={() => withdraw.mutateAsync(undefined)}
        />
      )}
    </div>
  );
}
