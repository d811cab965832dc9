import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { shift } from "../days";
import { Input } from "../fields";
import { IconDay } from "../icons";
import { Menu } from "../Menu";
import { timeText } from "../Time";

/** A day as people of either language write it; undefined: none. */
export function dayOf(text: string, lang: string): string | undefined {
  const parts = text.trim().match(/\d+/g) ?? [];
  const solid = parts.length === 1 && parts[0]?.length === 8 ? parts[0] : undefined;
  const [a = "", b = "", c = ""] = solid ? [solid.slice(0, 4), solid.slice(4, 6), solid.slice(6)] : parts;
  const [year, month, day] = a.length === 4 ? [a, b, c] : lang === "en" ? [c, b, a] : ["", "", ""];
  const iso = `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  return isDay(iso) && !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString().startsWith(iso)
    ? iso
    : undefined;
}

export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);

interface Props {
  id?: string;
  name?: string;
  value: string;
  change: (value: string) => void;
  today: string;
  label: string;
  invalid?: boolean;
  describedBy?: string;
}

/** A day in the console's language, whatever the browser's is: written, or taken from the month. */
export function DayInput(props: Props) {
  const { i18n, t } = useTranslation();
  const lang = i18n.language;
  const [text, setText] = useState<string>();
  const iso = isDay(props.value);
  const written = iso ? timeText(props.value, "UTC", lang, true) : props.value;
  return (
    <span className="day-input">
      <Input
        id={props.id}
        name={props.name}
        value={text ?? written}
        placeholder={timeText("2026-01-31", "UTC", lang, true)}
        inputMode="numeric"
        autoComplete="off"
        aria-invalid={props.invalid}
        aria-describedby={props.describedBy}
        onChange={(event) => {
          setText(event.target.value);
          props.change(dayOf(event.target.value, lang) ?? event.target.value);
        }}
        onBlur={() => setText(undefined)}
      />
      <Menu label={t("form.pick_day", { label: props.label })} icon={<IconDay aria-hidden />}>
        {(close) => (
          <Month
            day={iso ? props.value : props.today}
            chosen={iso ? props.value : ""}
            pick={(day) => {
              setText(undefined);
              props.change(day);
              close();
            }}
          />
        )}
      </Menu>
    </span>
  );
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -7,
  ArrowDown: 7,
  PageUp: -28,
  PageDown: 28,
};

function Month({ day, chosen, pick }: { day: string; chosen: string; pick: (day: string) => void }) {
  const { i18n, t } = useTranslation();
  const id = useId();
  const [at, setAt] = useState(day);
  const first = `${at.slice(0, 7)}-01`;
  const begin = shift(first, -((new Date(first).getUTCDay() + 6) % 7));
  const days = [...Array(42).keys()].map((n) => shift(begin, n));
  const said = (options: Intl.DateTimeFormatOptions, of: string) =>
    new Intl.DateTimeFormat(i18n.language === "en" ? "en-GB" : i18n.language, {
      timeZone: "UTC",
      ...options,
    }).format(new Date(of));
  const go = (to: string): void => {
    setAt(to);
    requestAnimationFrame(() => document.getElementById(`${id}${to}`)?.focus());
  };
  return (
    <div className="month" role="group" aria-label={said({ year: "numeric", month: "long" }, at)}>
      <header>
        <button
          type="button"
          className="plain"
          aria-label={t("form.month_before")}
          onClick={() => setAt(shift(first, -1))}
        >
          {"<"}
        </button>
        <strong aria-live="polite">{said({ year: "numeric", month: "long" }, at)}</strong>
        <button
          type="button"
          className="plain"
          aria-label={t("form.month_after")}
          onClick={() => setAt(shift(first, 31))}
        >
          {">"}
        </button>
      </header>
      <div className="month-days">
        {days.slice(0, 7).map((one) => (
          <span key={one} className="muted" aria-hidden>
            {said({ weekday: "narrow" }, one)}
          </span>
        ))}
        {days.map((one) => (
          <button
            key={one}
            id={`${id}${one}`}
            type="button"
            tabIndex={one === at ? 0 : -1}
            aria-pressed={one === chosen}
            aria-label={said({ dateStyle: "long" }, one)}
            className={one.slice(0, 7) === at.slice(0, 7) ? "plain" : "plain muted"}
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              if (!step) return;
              event.preventDefault();
              go(shift(one, step));
            }}
            onClick={() => pick(one)}
          >
            {Number(one.slice(8))}
          </button>
        ))}
      </div>
    </div>
  );
}
