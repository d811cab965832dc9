import { useNavigate, useSearch } from "@tanstack/react-router";

export type Search = Partial<Record<string, string>>;

/** The state of a list is its address: a pasted link shows the same, and back goes back. */
export function useListState(): [Search, (change: Search, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = (change: Search, replace = false): void => {
    void navigate({
      to: ".",
      replace,
      search: ((now: Search) =>
        Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value))) as never,
    });
  };
  return [search, set];
}

/** Is this key meant for a field that the person writes in? */
export function writing(event: KeyboardEvent): boolean {
  const on = event.target as HTMLElement;
  return (
    event.metaKey || event.ctrlKey || event.altKey || on.matches("input, textarea, select, [contenteditable]")
  );
}
