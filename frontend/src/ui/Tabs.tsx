import { useListState } from "./list";

interface Props {
  tabs: { id: string; label: string }[];
  label: string;
  /** A filter that all of them have. */
  keep?: string;
  /** The one that is shown when the address names none. */
  first?: string;
}

/** Parts of a page, by the address; each has a list of its own, so changing forgets the filters of the other. */
export function PageTabs({ tabs, label, keep, first = tabs[0]?.id }: Props) {
  const [search, set] = useListState();
  const now = search.tab ?? first;
  const none = Object.fromEntries(
    Object.keys(search)
      .filter((name) => name !== keep)
      .map((name) => [name, undefined]),
  );
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === now}
          data-testid={`tab-${tab.id}`}
          onClick={() => set({ ...none, tab: tab.id === first ? undefined : tab.id })}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
