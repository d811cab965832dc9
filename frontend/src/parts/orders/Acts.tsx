import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Who } from "@/parts/Who";
import { Button, CopyCode, type Page, Part, Pending, Time } from "@/ui";
import { DiffView } from "@/ui/DiffView";
import { Bones } from "@/ui/fields";

type Act = Of<"AuditOut">;

/** The audit log of one order: who did what, when, from where, and what it changed. */
export function Acts({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  const subject = `order:${id}`;
  const read = useInfiniteQuery({
    queryKey: ["orders", "audit", id],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Act>) => last.next ?? undefined,
    queryFn: async ({ pageParam: cursor }) =>
      (await ask<Page<Act>>("/console/v1/audit", { subject, size: "50", ...(cursor && { cursor }) })) ?? {
        items: [],
      },
  });
  const { data, hasNextPage, fetchNextPage, isFetching } = read;
  const acts = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Part
      title={t("nav.audit")}
      actions={
        <Link to="/c/$org/audit" params={{ org: me.mall.slug }} search={{ subject } as never}>
          {t("order.audit_more")}
        </Link>
      }
    >
      {!data && (read.error ? <Pending of={read} /> : <Bones />)}
      {data && acts.length === 0 && <p className="muted">{t("order.no_audit")}</p>}
      {acts.map((one) => (
        <section key={one.id} className="act" data-testid="act">
          <h3 className="line">{word("action", one.action)}</h3>
          <p className="muted">
            <Time at={one.at} /> <Who by={`${one.actor_kind}:${one.actor_id}`} /> {one.ip}{" "}
            <CopyCode text={one.id} short />
          </p>
          <DiffView before={one.before} after={one.after} />
        </section>
      ))}
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("pages.more")}
        </Button>
      )}
    </Part>
  );
}
