import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { IconGood, IconWarn } from "@/ui/icons";
import type { Todo } from "./todos";

export function TodoCard({ todo }: { todo: Todo }) {
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
