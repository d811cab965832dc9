import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Input, Select } from "./fields";
import { DayInput, isDay } from "./form/DayInput";
import { IconClose, IconSearch } from "./icons";
import { Button } from "./kit";
import type { Search } from "./list";

export interface Filter {
  /** Name in the address and in the request. */
  id: string;
  label: string;
  /** Without choices it is a text. */
  choices?: { value: string; label: string }[];
  day?: boolean;
}

interface Props {
  filters: Filter[];
  find?: string;
  search: Search;
  set: (change: Search) => void;
  findRef?: RefObject<HTMLInputElement | null>;
}

/** `find`: what the text field looks for; then the filters, and what is filtered now as chips to take away. */
export function FilterBar({ filters, find, search, set, findRef }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  const change = (id: string, value: string | undefined) => set({ [id]: value, cursor: undefined });
  const chosen = filters.filter((one) => search[one.id]);
  if (!filters.length && !find) return null;
  return (
    <div className="filters" role="search">
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
      {filters.map((one) =>
        one.choices ? (
          <Select
            key={one.id}
            aria-label={one.label}
            data-testid={`filter-${one.id}`}
            className="filter"
            none={one.label}
            choices={one.choices}
            value={search[one.id] ?? ""}
            change={(value) => change(one.id, value || undefined)}
          />
        ) : one.day ? (
          <label key={one.id} className="filter day" htmlFor={`filter-${one.id}`}>
            {one.label}
            <DayInput
              id={`filter-${one.id}`}
              label={one.label}
              today={new Date().toISOString().slice(0, 10)}
              value={search[one.id] ?? ""}
              change={(day) => (day === "" || isDay(day)) && change(one.id, day || undefined)}
            />
          </label>
        ) : (
          <Input
            key={`${one.id} ${search[one.id] ?? ""}`}
            className="filter"
            aria-label={one.label}
            placeholder={one.label}
            defaultValue={search[one.id]}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.currentTarget.blur();
            }}
            onBlur={(event) => {
              const value = event.currentTarget.value.trim() || undefined;
              if (value !== search[one.id]) change(one.id, value);
            }}
          />
        ),
      )}
      {chosen.map((one) => (
        <button
          key={one.id}
          type="button"
          className="chip"
          title={t("filter.remove", { name: one.label })}
          onClick={() => change(one.id, undefined)}
        >
          {one.label}: {one.choices?.find((c) => c.value === search[one.id])?.label ?? search[one.id]}
          <IconClose aria-hidden />
        </button>
      ))}
    </div>
  );
}
