import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Input, TextArea } from "../fields";
import { IconDrop } from "../icons";
import { Button } from "../kit";
import { clockOf, instantOf } from "../Time";
import { DayInput } from "./DayInput";
import type { Field, Values } from "./fields";
import { brokenAt, lineOf, placeOf } from "./jsonplace";
import type { Faults } from "./values";

/** What every input of a form is told. */
export interface Given {
  id: string;
  name: string;
  value: unknown;
  change: (value: unknown) => void;
  invalid: boolean;
  describedBy: string | undefined;
}

export const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** Percent as it is written, basis points as it is kept. */
export function Percent({ given, slide, label }: { given: Given; slide?: boolean; label: string }) {
  const [written, setWritten] = useState<string>();
  const bp = given.value as number | null | undefined;
  const write = (said: string): void => {
    setWritten(said);
    given.change(said.trim() === "" ? null : Math.round(Number(said) * 100));
  };
  return (
    <span className="acts nowrap">
      {slide && (
        <input
          type="range"
          min={0}
          max={10_000}
          step={100}
          aria-label={label}
          value={bp ?? 0}
          onChange={(event) => {
            setWritten(undefined);
            given.change(Number(event.target.value));
          }}
        />
      )}
      <Input
        id={given.id}
        name={given.name}
        className="short"
        inputMode="decimal"
        value={written ?? (bp === null || bp === undefined || Number.isNaN(bp) ? "" : String(bp / 100))}
        aria-invalid={given.invalid}
        aria-describedby={given.describedBy}
        onChange={(event) => write(event.target.value)}
        onBlur={() => setWritten(undefined)}
      />
      <span>%</span>
    </span>
  );
}

/** An instant by the mall's clocks. */
export function Moment({
  given,
  zone,
  today,
  label,
}: {
  given: Given;
  zone: string;
  today: string;
  label: string;
}) {
  const { t } = useTranslation();
  const [day0, time0] = given.value ? clockOf(text(given.value), zone).split("T") : ["", ""];
  const [day, setDay] = useState(day0 ?? "");
  const [time, setTime] = useState(time0 ?? "");
  const say = (d: string, h: string): void => {
    setDay(d);
    setTime(h);
    const at = `${d}T${/^\d\d:\d\d$/.test(h) ? h : "00:00"}`;
    given.change(d === "" ? "" : Number.isNaN(Date.parse(`${at}Z`)) ? d : instantOf(at, zone));
  };
  return (
    <span className="acts nowrap">
      <DayInput
        id={given.id}
        name={given.name}
        value={day}
        today={today}
        label={label}
        invalid={given.invalid}
        describedBy={given.describedBy}
        change={(d) => say(d, time)}
      />
      <Input
        className="short"
        aria-label={t("form.time_of", { label, zone })}
        placeholder="00:00"
        inputMode="numeric"
        maxLength={5}
        value={time}
        onChange={(event) => say(day, event.target.value)}
      />
    </span>
  );
}

/** Names and values as JSON, with the line at which something is wrong. */
export function Json({
  given,
  example,
  fault,
}: {
  given: Given;
  example: unknown;
  fault: string | undefined;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const value = text(given.value);
  const broken = value.trim() ? brokenAt(value) : undefined;
  const path = fault?.split(":")[0]?.replace(/^settings\./, "") ?? "";
  const place = fault && !broken ? placeOf(value, path) : -1;
  const line = broken ?? (place > 0 ? lineOf(value, place) : undefined);
  const goTo = (): void => {
    const lines = value.split("\n");
    const from = lines.slice(0, (line ?? 1) - 1).join("\n").length + (line === 1 ? 0 : 1);
    box.current?.focus();
    box.current?.setSelectionRange(from, from + (lines[(line ?? 1) - 1]?.length ?? 0));
    if (box.current)
      box.current.scrollTop = (box.current.scrollHeight * Math.max(0, (line ?? 1) - 5)) / lines.length;
  };
  return (
    <>
      <TextArea
        ref={box}
        id={given.id}
        name={given.name}
        className="json"
        rows={Math.min(16, Math.max(6, value.split("\n").length + 1))}
        spellCheck={false}
        value={value}
        aria-invalid={given.invalid || broken !== undefined}
        aria-describedby={given.describedBy}
        onChange={(event) => given.change(event.target.value)}
      />
      <span className="acts">
        {line !== undefined && (
          <button type="button" className="link" data-testid="json-line" onClick={goTo}>
            {t(broken ? "form.json_broken" : "form.json_at", { line })}
          </button>
        )}
        {example !== undefined && (
          <button
            type="button"
            className="link"
            data-testid="json-example"
            onClick={() => given.change(JSON.stringify(example, null, 2))}
          >
            {t("form.json_example")}
          </button>
        )}
      </span>
    </>
  );
}

export function FileInput({ given, accept }: { given: Given; accept: string | undefined }) {
  const { t } = useTranslation();
  const file = given.value as File | null | undefined;
  return (
    <label className="filebox">
      <input
        id={given.id}
        name={given.name}
        type="file"
        accept={accept}
        aria-invalid={given.invalid}
        aria-describedby={given.describedBy}
        onChange={(event) => given.change(event.target.files?.[0] ?? null)}
      />
      <span>{file ? `${file.name} · ${file.size.toLocaleString()} B` : t("form.choose_file")}</span>
    </label>
  );
}

/** Things of one kind, each with its own fields. */
export function Rows({
  field,
  rows,
  change,
  faults,
  path,
  draw,
}: {
  field: Extract<Field, { kind: "rows" }>;
  rows: Values[];
  change: (rows: Values[]) => void;
  faults: Faults;
  path: string;
  draw: (
    of: Field[],
    values: Values,
    set: (change: Values) => void,
    faults: Faults,
    before: string,
  ) => React.ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="rows" id={id}>
      {rows.map((row, n) => (
        // A row has no name of its own: its place is what it is known by.
        <fieldset key={n}>
          <legend>{field.title?.(n) ?? `${field.label} ${n + 1}`}</legend>
          {draw(
            field.of,
            row,
            (of) => change(rows.map((one, k) => (k === n ? { ...one, ...of } : one))),
            faults,
            `${path}[${n}].`,
          )}
          <Button
            size="small"
            icon={<IconDrop aria-hidden />}
            aria-label={t("form.drop_row", { label: field.label, n: n + 1 })}
            onClick={() => change(rows.filter((_, k) => k !== n))}
          />
        </fieldset>
      ))}
      <Button data-testid={`add-${field.name}`} onClick={() => change([...rows, { ...field.blank }])}>
        {field.add}
      </Button>
    </div>
  );
}
