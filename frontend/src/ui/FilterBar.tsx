import { lazy, type RefObject, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Thing, useLabel, useNamed } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { AHEAD, dayIn, isPeriod, PAST } from "./days";
import { Input, Select } from "./fields";
import { DayInput, isDay } from "./form/DayInput";
import { IconClose, IconFilter, IconSearch } from "./icons";
import { Button } from "./kit";
import type { Search } from "./list";
import type { Reading } from "./Pending";
import { Picker } from "./Picker";
import { todayIn } from "./Time";
import type { Count } from "./Views";

export interface Filter {
  /** Name in the address and in the request. */
  id: string;
  label: string;
  /** Without choices it is a text. */
  choices?: { value: string; label: string }[];
  /** One of what there are many of, looked for as one types. */
  pick?: Thing;
  /** The reading that gives the choices, where they are not names of things. */
  of?: Reading;
  day?: boolean;
  /** A range of days is of the future: when something ends. */
  ahead?: boolean;
  /** What holds while the address names none; it is no filter that somebody set. */
  held?: string;
  /** It may also be said what it is not: `<id>_not` of the list's grammar. */
  not?: boolean;
  /** Asked for in the panel of all filters; in the bar it stands only as a chip. */
  rare?: boolean;
}

/** The name of its opposite, in the address and in the request. */
export const notOf = (of: Filter): string => `${of.id}_not`;

/** What is said of a filter: is, or is not. Never both. */
export const said = (of: Filter, value: string | undefined, not: boolean): Search =>
  of.not ? { [of.id]: not ? undefined : value, [notOf(of)]: not ? value : undefined } : { [of.id]: value };

interface Props {
  filters: Filter[];
  find?: string;
  search: Search;
  set: (change: Search) => void;
  findRef?: RefObject<HTMLInputElement | null>;
  /** The list itself, to say how many would match. */
  count?: Count;
}

const AllFilters = lazy(() => import("./AllFilters"));

/** More filters than these wait on a phone until somebody wants them. */
const FEW = 2;

/** `find`: what the text field looks for; then the filters, and what is filtered now as chips to take away. */
export function FilterBar({ filters, find, search, set, findRef, count }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const [all, setAll] = useState(false);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  const change = (id: string, value: string | undefined) => set({ [id]: value, cursor: undefined });
  const [folded, setFolded] = useState(filters.length > FEW);
  const ranges = rangesOf(filters);
  const inRange = (one: Filter): boolean => ranges.some(([from, to]) => one === from || one === to);
  const often = filters.filter((one) => !one.rare && !inRange(one));
  const chosen = filters.filter((one) => search[one.id] && !(inRange(one) && isPeriod(search[one.id])));
  const unlike = filters.filter((one) => one.not && search[notOf(one)]);
  const periods = ranges.filter(([from]) => isPeriod(search[from.id]));
  if (!filters.length && !find) return null;
  return (
    <div className={folded ? "filters folded" : "filters"} role="search">
      {find && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            change("q", text.trim() || undefined);
          }}
        >
          <input
            ref={findRef}
            className="find"
            type="search"
            value={text}
            placeholder={find}
            aria-label={find}
            onChange={(event) => {
              setText(event.target.value);
              if (!event.target.value) change("q", undefined);
            }}
          />
          <Button htmlType="submit" aria-label={t("search")} icon={<IconSearch aria-hidden />} />
        </form>
      )}
      {filters.length > FEW && (
        <Button
          className="more"
          aria-expanded={!folded}
          aria-label={t("filter.more")}
          title={t("filter.more")}
          icon={<IconFilter aria-hidden />}
          onClick={() => setFolded(!folded)}
        />
      )}
      {often.map((one) => (
        <Choice
          key={one.id}
          of={one}
          search={search}
          change={(_, value) => set({ ...said(one, value, false), cursor: undefined })}
        />
      ))}
      {ranges.map(([from, to]) => (
        <Days key={from.id} from={from} to={to} search={search} set={set} />
      ))}
      {count && (filters.length > FEW || filters.some((one) => one.not)) && (
        <Button data-testid="all-filters" icon={<IconFilter aria-hidden />} onClick={() => setAll(true)}>
          {t("filter.all")}
        </Button>
      )}
      {all && count && (
        <Suspense fallback={null}>
          <AllFilters filters={filters} search={search} set={set} count={count} close={() => setAll(false)} />
        </Suspense>
      )}
      {periods.map(([from, to]) => (
        <button
          key={from.id}
          type="button"
          className="chip"
          title={t("filter.remove", { name: word("period", search[from.id]) })}
          onClick={() => set({ [from.id]: undefined, [to.id]: undefined, cursor: undefined })}
        >
          {word("period", search[from.id])}
          <IconClose aria-hidden />
        </button>
      ))}
      {chosen.map((one) => (
        <button
          key={one.id}
          type="button"
          className="chip"
          title={t("filter.remove", { name: one.label })}
          onClick={() => change(one.id, undefined)}
        >
          {one.label}: <Value of={one} value={search[one.id]} />
          <IconClose aria-hidden />
        </button>
      ))}
      {unlike.map((one) => (
        <button
          key={notOf(one)}
          type="button"
          className="chip not"
          title={t("filter.remove", { name: `${one.label} ${t("filter.is_not")}` })}
          onClick={() => change(notOf(one), undefined)}
        >
          {one.label} {t("filter.is_not")} <Value of={one} value={search[notOf(one)]} />
          <IconClose aria-hidden />
        </button>
      ))}
    </div>
  );
}

/** Days from and to, where both are asked for. */
export function rangesOf(filters: Filter[]): [Filter, Filter][] {
  return filters.flatMap((one) => {
    const to =
      one.day && filters.find((other) => other.id === one.id.replace(/from$/, "to") && other !== one);
    return to ? [[one, to] as [Filter, Filter]] : [];
  });
}

/** From one day to another, both within, in the mall's zone; or a stretch by its name. */
export function Days({
  from,
  to,
  search,
  set,
}: { from: Filter; to: Filter } & Pick<Props, "search" | "set">) {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  const today = todayIn(zone);
  const period = search[from.id] === search[to.id] && isPeriod(search[from.id]) ? search[from.id] : undefined;
  const day = (one: Filter, last: boolean): string => dayIn(search[one.id] ?? "", today, last);
  // The other end of a stretch stays where it is when one is changed.
  const change = (id: string, value: string | undefined): void =>
    set({
      [from.id]: day(from, false) || undefined,
      [to.id]: day(to, true) || undefined,
      [id]: value,
      cursor: undefined,
    });
  return (
    <span className="days">
      <Select
        aria-label={t("filter.period")}
        data-testid={`period-${from.id}`}
        className="filter"
        none={t("filter.period")}
        choices={(from.ahead ? AHEAD : PAST).map((value) => ({ value, label: word("period", value) }))}
        value={period ?? ""}
        change={(name) =>
          set({ [from.id]: name || undefined, [to.id]: name || undefined, cursor: undefined })
        }
      />
      {[from, to].map((one) => (
        <Choice
          key={one.id}
          of={one}
          search={{ ...search, [one.id]: day(one, one === to) }}
          change={change}
        />
      ))}
    </span>
  );
}

export function Choice({
  of,
  search,
  change,
}: {
  of: Filter;
  search: Search;
  change: (id: string, value: string | undefined) => void;
}) {
  const held = search[of.id] ?? of.held ?? "";
  const { zone } = useMe().mall;
  if (of.choices)
    return (
      <Select
        aria-label={of.label}
        data-testid={`filter-${of.id}`}
        className="filter"
        none={of.label}
        choices={of.choices}
        of={of.of}
        value={held}
        change={(value) => change(of.id, value || undefined)}
      />
    );
  if (of.pick)
    return (
      <Picker
        of={of.pick}
        label={of.label}
        none={of.label}
        testid={`filter-${of.id}`}
        className="filter"
        value={held}
        change={(id) => id !== held && change(of.id, id || undefined)}
      />
    );
  if (of.day)
    return (
      <label className="filter day" htmlFor={`filter-${of.id}`}>
        {of.label}
        <DayInput
          id={`filter-${of.id}`}
          label={of.label}
          today={todayIn(zone)}
          value={held}
          change={(day) => (day === "" || isDay(day)) && change(of.id, day || undefined)}
        />
      </label>
    );
  return (
    <Input
      key={held}
      className="filter"
      aria-label={of.label}
      placeholder={of.label}
      defaultValue={held}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
      onBlur={(event) => {
        const value = event.currentTarget.value.trim() || undefined;
        if (value !== search[of.id]) change(of.id, value);
      }}
    />
  );
}

function Value({ of, value }: { of: Filter; value: string | undefined }) {
  if (of.pick) return <NameOf of={of.pick} id={value} />;
  return <>{of.choices?.find((one) => one.value === value)?.label ?? value}</>;
}

function NameOf({ of, id }: { of: Thing; id: string | undefined }) {
  const one = useNamed(of)(id);
  const label = useLabel();
  return <>{one ? label(one) : id}</>;
}
