import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useAct } from "./act";
import { AskButton } from "./Confirm";
import { Input } from "./fields";
import { IconClose } from "./icons";
import type { Search } from "./list";

type View = Of<"ViewOut">;

/** Filters and order of this list under a name, one's own or shared; the address says which one it is. */
export function Views({
  page,
  search,
  set,
}: {
  page: string;
  search: Search;
  set: (change: Search) => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { data } = useQuery({
    queryKey: ["views", page],
    staleTime: 60_000,
    queryFn: () => got(api.GET("/console/v1/views", { params: { query: { page } } })),
  });
  const { cursor: _c, open: _o, tab, ...kept } = search;
  const now = text(kept);
  const views = data?.items ?? [];
  const none = Object.fromEntries(Object.keys(kept).map((key) => [key, undefined]));
  const put = useAct(
    () => got(api.PUT("/console/v1/views", { body: { page, name: name.trim(), search: now, shared } })),
    "views",
  );
  const drop = useAct(
    (id: string) => got(api.DELETE("/console/v1/views/{view_id}", { params: { path: { view_id: id } } })),
    "views",
  );
  const show = (view?: View): void =>
    set({
      ...none,
      cursor: undefined,
      tab,
      ...Object.fromEntries(new URLSearchParams(view?.search ?? "")),
    });
  const current = views.find((view) => view.search === now);
  if (!views.length && !now) return null;
  return (
    <div className="views" role="group" aria-label={t("views.label")}>
      <button type="button" className="chip" aria-pressed={!now} onClick={() => show()}>
        {t("views.all")}
      </button>
      {views.map((view) => (
        <span key={view.id} className="view">
          <button
            type="button"
            className="chip"
            data-testid="view"
            aria-pressed={view === current}
            title={view.shared ? t("views.shared") : t("views.private")}
            onClick={() => show(view)}
          >
            {view.name}
          </button>
          {view === current && view.mine && (
            <button
              type="button"
              className="link"
              aria-label={t("views.drop", { name: view.name })}
              onClick={() => drop.mutate(view.id)}
            >
              <IconClose aria-hidden />
            </button>
          )}
        </span>
      ))}
      {now && !current && (
        <AskButton
          label={t("views.save")}
          testid="save-view"
          ready={name.trim() !== ""}
          run={() => put.mutateAsync(undefined)}
        >
          <label className="field">
            <span>{t("views.name")}</span>
            <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
          </label>
          <label className="column">
            <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} /> {t("views.share")}
          </label>
        </AskButton>
      )}
    </div>
  );
}

/** In one order, so that the same filters are the same text. */
function text(search: Search): string {
  const given = Object.entries(search).filter(([, value]) => value) as [string, string][];
  return new URLSearchParams(given.sort(([a], [b]) => a.localeCompare(b))).toString();
}
