import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useLive } from "@/api/live";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { tell } from "@/ui/hold";
import { App } from "@/ui/kit";
import type { Reading } from "@/ui/Pending";

type Approval = Of<"ApprovalOut">;
type Tidings = { found: Approval[]; unread: number; read: Reading & { data?: unknown } };

const DAYS = 7;
const APPROVALS = ["approvals", "approval", "inbox"];

/** What became of one's own requests in the last days. */
export function useDecided(open: boolean): Tidings {
  const { t } = useTranslation();
  const word = useWord();
  const news = useNews();
  useLive("decision", (told) =>
    news(
      t("bell.decided_now", {
        what: word("approval_act", told.act),
        state: word("approval_status", told.state),
      }),
    ),
  );
  return useTidings(open, "mine", "commissary.decided", (one) =>
    one.status === "withdrawn" ? undefined : one.decision?.at,
  );
}

/** Requests in whose comments one was mentioned in the last days. */
export function useMentions(open: boolean): Tidings {
  const { t } = useTranslation();
  const word = useWord();
  const news = useNews();
  useLive("mention", (told) => news(t("bell.mentioned_now", { what: word("approval_act", told.act) })));
  return useTidings(open, "mentioned", "commissary.mentioned", (one) => one.mentioned_at ?? undefined);
}

/** Say it, and read anew what it may have changed. */
function useNews(): (words: string) => void {
  const { message } = App.useApp();
  const queries = useQueryClient();
  return (words) => {
    void message.info(words, 6);
    tell(queries, APPROVALS);
  };
}

/** Newest first; unread are those since the bell was open last, which this browser keeps under `key`. */
function useTidings(
  open: boolean,
  view: "mine" | "mentioned",
  key: string,
  at: (one: Approval) => string | undefined,
): Tidings {
  const [seen, setSeen] = useState(() => localStorage.getItem(key) ?? "");
  const read = useQuery({
    queryKey: ["approvals", "told", view],
    enabled: useMe().organisation.kind === "mall",
    queryFn: () => got(api.GET("/console/v1/approvals", { params: { query: { view, size: 20 } } })),
  });
  const since = new Date(Date.now() - DAYS * 86_400_000).toISOString();
  const told = (read.data?.items ?? [])
    .map((one) => ({ one, at: at(one) ?? "" }))
    .filter((each) => each.at > since)
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const last = told[0]?.at ?? "";
  useEffect(() => {
    if (!open || !last) return;
    localStorage.setItem(key, last);
    setSeen(last);
  }, [open, last, key]);
  return {
    found: told.map((each) => each.one),
    unread: told.filter((each) => each.at > seen).length,
    read,
  };
}
