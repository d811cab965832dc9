import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Thing, useLabel, useNamed } from "@/api/names";
import { useMe } from "@/api/session";
import { Input, Select } from "./fields";
import { DayInput, isDay } from "./form/DayInput";
import { IconClose, IconFilter, IconSearch } from "./icons";
import { Button } from "./kit";
import type { Search } from "./list";
import type { Reading } from "./Pending";
import { Picker } from "./Picker";
import { clockOf } from "./Time";

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
}

interface Props {
  filters: Filter[];
  find?: string;
  search: Search;
  set: (change: Search) => void;
  findRef?: RefObject<HTMLInputElement | null>;
}

/** More filters than these wait on a phone until somebody wants them. */
const FEW = 2;

/** `find`: what the text field looks for; then the filters, and what is filtered now as chips to take away. */
export function FilterBar({ filters, find, search, set, findRef }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  const change = (id: string, value: string | undefined) => set({ [id]: value, cursor: undefined });
  const [folded, setFolded] = useState(filters.length > FEW);
  const days = filters.filter((one) => one.day);
  const chosen = filters.filter((one) => search[one.id]);
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
      {filters
        .filter((one) => !one.day)
        .map((one) => (
          <Choice key={one.id} of={one} search={search} change={change} />
        ))}
      {days.length > 0 && (
        <span className="days">
          {days.map((one) => (
            <Choice key={one.id} of={one} search={search} change={change} />
          ))}
        </span>
      )}
      {chosen.map((one) => (
        <button
          key={one.id}
          type="button"
          className="chip"
          title={t("filter.remove", { name: one.label })}
          onClick={() => change(one.id, undefined)}
        >
          {one.label}:{" "}
          {one.pick ? (
            <NameOf of={one.pick} id={search[one.id]} />
          ) : (
            (one.choices?.find((c) => c.value === search[one.id])?.label ?? search[one.id])
          )}
          <IconClose aria-hidden />
        </button>
      ))}
    </div>
  );
}

function Choice({
  of,
  search,
  change,
}: {
  of: Filter;
  search: Search;
  change: (id: string, value: string | undefined) => void;
}) {
  const held = search[of.id] ?? "";
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
          today={clockOf(new Date().toISOString(), zone).slice(0, 10)}
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

function NameOf({ of, id }: { of: Thing; id: string | undefined }) {
  const one = useNamed(of)(id);
  const label = useLabel();
  return <>{one ? label(one) : id}</>;
}
