import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useListState } from "./list";

interface Tab {
  id: string;
  label: string;
}

interface Props {
  tabs: Tab[];
  label: string;
  /** A filter that all of them have. */
  keep?: string;
  /** The one that is shown when the address names none. */
  first?: string;
}

/** Parts of a page, by the address; each has a list of its own, so changing forgets the filters of the other. */
export function PageTabs({ tabs, label, keep, first = tabs[0]?.id }: Props) {
  const [search, set] = useListState();
  const none = Object.fromEntries(
    Object.keys(search)
      .filter((name) => name !== keep)
      .map((name) => [name, undefined]),
  );
  return (
    <TabList
      tabs={tabs}
      label={label}
      now={search.tab ?? first}
      choose={(id) => set({ ...none, tab: id === first ? undefined : id })}
    />
  );
}

/** Parts of one thing, by `part` of the address, which stays as one walks to the next thing. A part is drawn when it is
 * opened, and reads what it needs only then. */
export function PartTabs({ tabs, label }: { tabs: (Tab & { show: () => ReactNode })[]; label: string }) {
  const [search, set] = useListState();
  const panel = useId();
  const now = tabs.find((tab) => tab.id === search.part) ?? tabs[0];
  if (!now) return null;
  return (
    <>
      <TabList
        tabs={tabs}
        label={label}
        now={now.id}
        panel={panel}
        choose={(id) => set({ part: id === tabs[0]?.id ? undefined : id }, true)}
      />
      <div
        key={now.id}
        id={panel}
        role="tabpanel"
        aria-labelledby={`${panel}-${now.id}`}
        className="tabpanel"
      >
        {now.show()}
      </div>
    </>
  );
}

/** One stop of the Tab key; the arrows go from tab to tab, Home and End to the outermost. */
function TabList({
  tabs,
  label,
  now,
  choose,
  panel,
}: {
  tabs: Tab[];
  label: string;
  now: string | undefined;
  choose: (id: string) => void;
  panel?: string;
}) {
  const at = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === now),
  );
  const pressed = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-testid="tab-${next.id}"]`)?.focus();
    choose(next.id);
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={pressed}>
      {tabs.map((tab, n) => (
        <button
          key={tab.id}
          id={panel && `${panel}-${tab.id}`}
          type="button"
          role="tab"
          tabIndex={n === at ? undefined : -1}
          aria-selected={tab.id === now}
          aria-controls={panel && tab.id === now ? panel : undefined}
          data-testid={`tab-${tab.id}`}
          onClick={() => choose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
