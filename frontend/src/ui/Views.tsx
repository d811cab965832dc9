import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useAct } from "./act";
import { IconDown, IconSettings } from "./icons";
import { Button } from "./kit";
import type { Search } from "./list";
import { Menu } from "./Menu";

const SaveView = lazy(() => import("./SaveView"));

type View = Of<"ViewOut">;
export type Count = (
  search: Search,
) => Promise<{ items: unknown[]; next?: string | null; total_estimate?: number | null }>;

interface Props {
  page: string;
  search: Search;
  set: (change: Search, replace?: boolean) => void;
  /** The list itself: a page of it, with an estimate of the rest, says how many match. */
  count: Count;
  /** The rows are here; before that nothing else is asked for. */
  idle: boolean;
}

const useViews = (page: string, enabled = true) =>
  useQuery({
    queryKey: ["views", page],
    enabled,
    staleTime: 60_000,
    queryFn: () => got(api.GET("/console/v1/views", { params: { query: { page } } })),
  });

/** Opened without a query, the list goes to its default view, once; until that is known it waits. */
export function useDefaultView(
  page: string,
  enabled: boolean,
  search: Search,
  set: (change: Search, replace?: boolean) => void,
): boolean {
  const bare = useRef(enabled && Object.keys(plain(search)).length === 0 && !search.open);
  const { data, isError } = useViews(page, enabled);
  const first = data?.items
    .filter((one) => one.is_default)
    .sort((a, b) => Number(a.shared) - Number(b.shared))[0];
  const going = bare.current && !!first?.search;
  useEffect(() => {
    if (!data) return;
    if (going && first) set(params(first), true);
    bare.current = false;
  }, [data, going, first, set]);
  return !bare.current || isError || (!!data && !going);
}

/** Filters and order of this list under a name, one's own or shared: tabs with how many match, and the others in a menu. */
export function Views({ page, search, set, count, idle }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = useNameOf();
  const may = useMay();
  const { data } = useViews(page);
  const kept = plain(search);
  const now = text(kept);
  const views = data?.items ?? [];
  const none = Object.fromEntries(Object.keys(kept).map((key) => [key, undefined]));
  const put = useAct((view: Of<"ViewIn">) => got(api.PUT("/console/v1/views", { body: view })), "views");
  const drop = useAct(
    (id: string) => got(api.DELETE("/console/v1/views/{view_id}", { params: { path: { view_id: id } } })),
    "views",
  );
  const show = (view?: View): void => set({ ...none, cursor: undefined, ...(view ? params(view) : {}) });
  const current = views.find((view) => view.search === now);
  const pinned = views.filter((view) => view.pinned || view === current);
  const others = views.filter((view) => !pinned.includes(view));
  const keeps = current && (current.mine || (current.shared && may("people.write")));
  const change = (of: Partial<View>): void => {
    if (current) put.mutate({ ...given(current), ...of });
  };
  if (!views.length && !now) return null;
  return (
    <div className="views tabs" role="group" aria-label={t("views.label")}>
      <button type="button" aria-pressed={!now} onClick={() => show()}>
        {t("views.all")}
      </button>
      {pinned.map((view) => (
        <button
          key={view.id}
          type="button"
          aria-pressed={view === current}
          title={view.shared ? t("views.shared") : t("views.private")}
          onClick={() => show(view)}
        >
          <span data-testid="view">{nameOf(view)}</span>{" "}
          {view.pinned && <Matches page={page} view={view} count={count} idle={idle} />}
        </button>
      ))}
      {others.length > 0 && (
        <Menu label={t("views.more")} icon={<IconDown aria-hidden />} testid="more-views">
          {(close) =>
            others.map((view) => (
              <Button
                key={view.id}
                type="text"
                onClick={() => {
                  show(view);
                  close();
                }}
              >
                {nameOf(view)}
              </Button>
            ))
          }
        </Menu>
      )}
      {current && keeps && (
        <Menu
          label={t("views.change", { name: nameOf(current) })}
          icon={<IconSettings aria-hidden />}
          testid="change-view"
          plain
        >
          {(close) =>
            (
              [
                [
                  current.is_default ? "no_default" : "default",
                  () => change({ is_default: !current.is_default }),
                ],
                [current.pinned ? "unpin" : "pin", () => change({ pinned: !current.pinned })],
                ["drop", () => drop.mutate(current.id)],
              ] as const
            ).map(([what, act]) => (
              <Button
                key={what}
                type="text"
                data-testid={`view-${what}`}
                onClick={() => {
                  act();
                  close();
                }}
              >
                {word("view_act", what)}
              </Button>
            ))
          }
        </Menu>
      )}
      {now && !current && (
        <Suspense fallback={null}>
          <SaveView page={page} search={now} position={views.length} />
        </Suspense>
      )}
    </div>
  );
}

const MOST = 999;
const BROUGHT = new Set([".open", ".failed", ".large"]);

/** As many as match: exact while they fit a page, else the estimate; asked for after the rows, and not again for a minute. */
function Matches({ page, view, count, idle }: { page: string; view: View; count: Count; idle: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: [page, "matches", view.search],
    enabled: idle,
    staleTime: 60_000,
    refetchInterval: 60_000,
    retry: false,
    queryFn: async () => {
      const found = await count(params(view));
      const more = !!found.next;
      return { more, total: more ? (found.total_estimate ?? found.items.length) : found.items.length };
    },
  });
  if (!data) return null;
  const shown = data.total > MOST ? `${MOST}+` : `${data.more ? "≈" : ""}${data.total}`;
  return (
    <span className="count" data-testid="matches" title={data.more ? t("views.about") : undefined}>
      {shown}
    </span>
  );
}

/** What the mall came with is named by a code, which is said in the reader's language. */
function useNameOf(): (view: View) => string {
  const word = useWord();
  return ({ name }) => (BROUGHT.has(name) ? word("view_name", name.slice(1)) : name);
}

const params = (view: View): Search => Object.fromEntries(new URLSearchParams(view.search));

const given = ({ id, page, name, search, shared, is_default, position, pinned }: View): Of<"ViewIn"> => ({
  id,
  page,
  name,
  search,
  shared,
  is_default,
  position,
  pinned,
});

/** What a view keeps of an address. */
function plain({ cursor: _c, open: _o, tab: _t, form: _f, lang: _l, theme: _h, ...kept }: Search): Search {
  return kept;
}

/** In one order, so that the same filters are the same text. */
function text(search: Search): string {
  const found = Object.entries(search).filter(([, value]) => value) as [string, string][];
  return new URLSearchParams(found.sort(([a], [b]) => a.localeCompare(b))).toString();
}
