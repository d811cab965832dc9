import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { StatusTag } from "@/ui/StatusTag";
import { Time } from "@/ui/Time";

type Approval = Of<"ApprovalOut">;

export function Decided({ found, close }: { found: Approval[]; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  return found.map((one) => (
    <Told key={one.id} id={one.id} tab="mine" testid="bell-decided" close={close}>
      <header>
        <h2>{word("approval_act", one.act)}</h2>
        <StatusTag kind="approval_status" code={one.status} />
      </header>
      <p>
        {one.decision?.failure ? word("refusal", one.decision.failure) : one.decision?.comment || one.reason}
      </p>
      <p className="muted">
        {one.decision?.by?.name ?? t("approvals.nobody")} <Time at={one.decision?.at} near />
      </p>
    </Told>
  ));
}

export function Mentioned({ found, close }: { found: Approval[]; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  return found.map((one) => (
    <Told key={one.id} id={one.id} tab="mentioned" testid="bell-mentioned" close={close}>
      <header>
        <h2>{t("bell.mentioned", { what: word("approval_act", one.act) })}</h2>
      </header>
      <p className="muted">
        {t("approvals.maker")} {one.maker.name} · <Time at={one.mentioned_at} near />
      </p>
    </Told>
  ));
}

/** One of them, and the way to it. */
function Told(props: { id: string; tab: string; testid: string; close: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <article className="part job" data-testid={props.testid}>
      {props.children}
      <Link
        to="/c/$org/inbox"
        params={{ org: me.mall.slug }}
        search={{ tab: props.tab, open: props.id }}
        onClick={props.close}
      >
        {t("imports.see_request")}
      </Link>
    </article>
  );
}
