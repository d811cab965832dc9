import type { ComponentProps } from "react";
import { type Reading, Unread } from "./Pending";

export function Input(props: ComponentProps<"input">) {
  return <input {...props} className={`input ${props.className ?? ""}`} />;
}

export function TextArea(props: ComponentProps<"textarea">) {
  return <textarea rows={3} {...props} className={`input ${props.className ?? ""}`} />;
}

export interface Choice {
  value: string;
  label: string;
}

/** `none`: the word for nothing chosen, where that is possible. `of`: the reading that gives the choices. */
export function Select({
  choices,
  none,
  of,
  change,
  ...rest
}: Omit<ComponentProps<"select">, "onChange"> & {
  choices: Choice[];
  none?: string;
  of?: Reading;
  change: (value: string) => void;
}) {
  const select = (
    <select
      {...rest}
      className={`input ${rest.className ?? ""}`}
      onChange={(event) => change(event.target.value)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
  if (choices.length) return select;
  return (
    <>
      {select}
      <Unread of={of} />
    </>
  );
}

/** A whole number; null while the field says none. */
export function Whole({
  value,
  change,
  ...rest
}: Omit<ComponentProps<"input">, "value" | "onChange"> & {
  value: number | null;
  change: (value: number | null) => void;
}) {
  return (
    <Input
      {...rest}
      type="number"
      inputMode="numeric"
      step={1}
      value={value ?? ""}
      onChange={(event) => change(event.target.value === "" ? null : Math.trunc(Number(event.target.value)))}
    />
  );
}

/** What stands where something will. */
export function Bones({ rows = 6 }: { rows?: number }) {
  return (
    <div className="bones" aria-busy="true">
      {[...Array(rows).keys()].map((row) => (
        <span key={row} style={{ width: `${90 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
