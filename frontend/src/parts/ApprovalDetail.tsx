import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  App,
  AskButton,
  Bones,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  Part,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { ApprovalDiff } from "./ApprovalDiff";
import { ApprovalLines } from "./ApprovalLines";
import { Comments } from "./inbox/Comments";

type Approval = Of<"ApprovalOut">;

export const TOUCHED = ["inbox", "approvals", "approval"];

/** Everything that somebody decides about, and the decision itself. */
export function ApprovalDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["approval", id],
    queryFn: () =>
      got(api.GET("/console/v1/approvals/{approval_id}", { params: { path: { approval_id: id } } })),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const one = data.approval;
  return (
    <>
      <Decide one={one} />
      <Facts one={one} />
      {!("file" in one.after) && (
        <Part title={t("approvals.diff")}>
          <ApprovalDiff before={one.before} after={one.after} />
        </Part>
      )}
      {one.lines > 0 && <ApprovalLines one={one} />}
      <Comments id={id} file={data} />
      <details className="part">
        <summary>{t("approvals.payload")}</summary>
        <p className="muted">{t("approvals.payload_text")}</p>
        <pre className="wrap">{JSON.stringify(data.payload, null, 2)}</pre>
        <p>
          <CopyCode text={one.seal} />
        </p>
      </details>
    </>
  );
}

function Facts({ one }: { one: Approval }) {
  const { t } = useTranslation();
  const word = useWord();
  const late = one.status === "open" && Date.parse(one.due_at) < Date.now();
  return (
    <Descriptions
      pairs={[
        [t("f.action"), word("approval_act", one.act)],
        [
          t("f.status"),
          <StatusTag key="s" kind="approval_status" code={one.status} tone={TONES[one.status]} />,
        ],
        [t("f.subject"), <CopyCode key="o" text={one.subject} />],
        [t("approvals.maker"), one.maker.name],
        [t("f.reason"), one.reason || "–"],
        [t("f.amount"), one.amount ? <Money key="a" value={one.amount} /> : "–"],
        [t("approvals.count"), one.count == null ? "–" : `${one.count} ${word("approval_unit", one.unit)}`],
        [t("approvals.move"), one.move_bp ? `${(one.move_bp / 100).toFixed(2)} %` : "–"],
        [t("approvals.asked_at"), <Time key="t" at={one.asked_at} />],
        [
          t("approvals.due"),
          <span key="d" className={late ? "tag bad" : undefined}>
            <Time at={one.due_at} near />
          </span>,
        ],
        ...(one.decision
          ? ([
              [t("approvals.decided_by"), one.decision.by?.name ?? t("approvals.nobody")],
              [t("approvals.instead_of"), one.decision.instead_of?.name ?? "–"],
              [t("f.decided_at"), <Time key="x" at={one.decision.at} />],
              [t("approvals.comment"), one.decision.comment || "–"],
              [t("approvals.failure"), one.decision.failure ? word("refusal", one.decision.failure) : "–"],
            ] as [string, React.ReactNode][])
          : []),
      ]}
    />
  );
}

export const TONES: Record<Approval["status"], "wait" | "good" | "bad" | "off" | "warn"> = {
  open: "wait",
  approved: "good",
  refused: "bad",
  withdrawn: "off",
  expired: "off",
  failed: "warn",
};

function Decide({ one }: { one: Approval }) {
  const { t } = useTranslation();
  const me = useMe();
  const word = useWord();
  const { modal } = App.useApp();
  const params = { path: { approval_id: one.id } };
  const decide = useAct(
    async ({ approve, comment }: { approve: boolean; comment: string }) => {
      const body = { approve, comment, seal: one.seal };
      const done = await got(api.POST("/console/v1/approvals/{approval_id}/decide", { params, body }));
      if (done.decision?.failure)
        modal.warning({
          title: t("approvals.failed"),
          content: `${word("refusal", done.decision.failure)} ${t("approvals.failed_text")}`,
        });
      return done;
    },
    ...TOUCHED,
  );
  const withdraw = useAct(
    (comment: string) =>
      got(api.POST("/console/v1/approvals/{approval_id}/withdraw", { params, body: { comment } })),
    ...TOUCHED,
  );
  if (one.status !== "open") return null;
  if (one.maker.id === me.person.id)
    return (
      <div className="acts gap">
        <AskButton
          label={t("approvals.withdraw")}
          effect={t("approvals.withdraw_text")}
          reason="may"
          testid="withdraw"
          run={(comment) => withdraw.mutateAsync(comment)}
        />
        <span className="muted">{t("approvals.own")}</span>
      </div>
    );
  if (!one.may_decide) return <p className="muted">{t("approvals.not_yours")}</p>;
  return (
    <>
      {one.instead_of && <p className="muted">{t("approvals.instead", { name: one.instead_of.name })}</p>}
      <div className="acts gap">
        <AskButton
          label={t("approvals.approve")}
          effect={t("approvals.approve_text")}
          primary
          reason="may"
          testid="approve"
          run={(comment) => decide.mutateAsync({ approve: true, comment })}
        />
        <AskButton
          label={t("approvals.refuse")}
          effect={t("approvals.refuse_text")}
          danger
          reason="must"
          testid="refuse"
          run={(comment) => decide.mutateAsync({ approve: false, comment })}
        />
      </div>
    </>
  );
}
