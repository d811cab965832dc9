import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useLive } from "@/api/live";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { App } from "@/ui/kit";
import { Time } from "@/ui/Time";

const SEEN = "commissary.mentioned";
const DAYS = 7;

/** Requests in whose comments one was called upon in the last days; those since the bell was open last are unread. */
export function useMentions(open: boolean): { found: Of<"ApprovalOut">[]; unread: number } {
  const { t } = useTranslation();
  const word = useWord();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN) ?? "");
  const { data } = useQuery({
    queryKey: ["approvals", "mentions"],
    enabled: useMe().organisation.kind === "mall",
    queryFn: () =>
      got(api.GET("/console/v1/approvals", { params: { query: { view: "mentioned", size: 20 } } })),
  });
  useLive("mention", (told) => {
    void message.info(t("bell.mentioned_now", { what: word("approval_act", told.act) }), 6);
    for (const key of ["approvals", "approval"]) void queries.invalidateQueries({ queryKey: [key] });
  });
  const since = new Date(Date.now() - DAYS * 86_400_000).toISOString();
  const found = (data?.items ?? [])
    .filter((one) => (one.mentioned_at ?? "") > since)
    .sort((a, b) => ((a.mentioned_at ?? "") < (b.mentioned_at ?? "") ? 1 : -1));
  const last = found[0]?.mentioned_at ?? "";
  useEffect(() => {
    if (!open || !last) return;
    localStorage.setItem(SEEN, last);
    setSeen(last);
  }, [open, last]);
  return { found, unread: found.filter((one) => (one.mentioned_at ?? "") > seen).length };
}

export function Mentioned({ found, close }: { found: Of<"ApprovalOut">[]; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  return found.map((one) => (
    <article key={one.id} className="part job" data-testid="bell-mentioned">
      <header>
        <h2>{t("bell.mentioned", { what: word("approval_act", one.act) })}</h2>
      </header>
      <p className="muted">
        {one.maker.name} <Time at={one.mentioned_at} near />
      </p>
      <Link
        to="/c/$org/inbox"
        params={{ org: me.mall.slug }}
        search={{ tab: "mentioned", open: one.id }}
        onClick={close}
      >
        {t("imports.see_request")}
      </Link>
    </article>
  ));
}
