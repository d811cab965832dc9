import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Input, Select, TextArea, Whole } from "../fields";
import { Picker } from "../Picker";
import { DayInput } from "./DayInput";
import type { Field, Values } from "./fields";
import { FileInput, type Given, Json, Moment, Percent, Rows, text } from "./inputs";
import { type Faults, shown } from "./values";

export interface Place {
  zone: string;
  today: string;
}

interface Props {
  fields: Field[];
  values: Values;
  set: (change: Values) => void;
  faults: Faults;
  place: Place;
  before?: string;
}

/** Fields one below the other, the halves side by side; each with its hint and what is wrong with it. */
export function Fields({ fields, values, set, faults, place, before = "" }: Props) {
  return (
    <div className="fields">
      {shown(fields, values).map((field) => (
        <FieldOf
          key={field.name}
          field={field}
          values={values}
          set={set}
          faults={faults}
          place={place}
          path={before + field.name}
        />
      ))}
    </div>
  );
}

interface OneProps extends Omit<Props, "fields" | "before"> {
  field: Field;
  path: string;
}

function FieldOf({ field, values, set, faults, place, path }: OneProps) {
  const { t } = useTranslation();
  const id = useId();
  const fault = faults[path];
  const given: Given = {
    id,
    name: path,
    value: values[field.name],
    change: (value) => set({ [field.name]: value }),
    invalid: fault !== undefined,
    describedBy: fault || field.hint ? `${id}-more` : undefined,
  };
  const group = field.kind === "many" || field.kind === "rows";
  const Box = group ? "fieldset" : "div";
  const Name = group ? "legend" : "label";
  return (
    <Box className={field.half ? "field half" : "field"} data-field={path}>
      {field.kind !== "yes" && (
        <Name {...(!group && { htmlFor: id })}>
          {field.label}
          {field.must && (
            <span className="must" title={t("form.must")}>
              *
            </span>
          )}
        </Name>
      )}
      <Control field={field} given={given} place={place} fault={fault} faults={faults} path={path} />
      {(fault || field.hint) && (
        <span id={`${id}-more`} className={fault ? "wrong" : "muted"} role={fault ? "alert" : undefined}>
          {fault ?? field.hint}
        </span>
      )}
    </Box>
  );
}

interface ControlProps {
  field: Field;
  given: Given;
  place: Place;
  fault: string | undefined;
  faults: Faults;
  path: string;
}

function Control({ field, given, place, fault, faults, path }: ControlProps) {
  const { t } = useTranslation();
  const { id, value, change } = given;
  const common = {
    id,
    name: path,
    "aria-invalid": given.invalid,
    "aria-describedby": given.describedBy,
    "aria-required": field.must,
  };
  switch (field.kind) {
    case "text":
      return (
        <Input
          {...common}
          type={field.secret ? "password" : "text"}
          autoComplete={field.complete ?? (field.secret ? "new-password" : "off")}
          spellCheck={!field.code && !field.secret}
          className={field.code ? "code" : undefined}
          maxLength={field.most}
          placeholder={field.example}
          value={text(value)}
          onChange={(event) => change(event.target.value)}
        />
      );
    case "long":
    case "list":
      return (
        <TextArea
          {...common}
          rows={field.kind === "long" ? (field.lines ?? 3) : 3}
          maxLength={field.kind === "long" ? field.most : undefined}
          placeholder={field.kind === "list" ? field.example : undefined}
          value={text(value)}
          onChange={(event) => change(event.target.value)}
        />
      );
    case "money":
      return (
        <span className="acts nowrap">
          <Input
            {...common}
            className="amount"
            inputMode="decimal"
            autoComplete="off"
            placeholder="0.00"
            value={text(value)}
            onChange={(event) => change(event.target.value)}
          />
          <span className="muted">{field.currency}</span>
        </span>
      );
    case "whole":
      return (
        <span className="acts nowrap">
          <Whole
            {...common}
            min={field.least}
            max={field.most}
            value={(value as number) ?? null}
            change={change}
          />
          {field.unit && <span className="muted">{field.unit}</span>}
        </span>
      );
    case "percent":
      return <Percent given={given} slide={field.slide} label={field.label} />;
    case "choice":
      return (
        <Select
          {...common}
          value={text(value)}
          disabled={field.fixed}
          choices={field.choices}
          of={field.of}
          none={field.must && value ? undefined : (field.nothing ?? t("form.choose"))}
          change={change}
        />
      );
    case "pick":
      return (
        <Picker
          id={id}
          name={path}
          label={field.label}
          of={field.of}
          where={field.where}
          value={text(value)}
          change={change}
          must={field.must}
          none={field.nothing}
          empty={field.empty}
          disabled={field.fixed}
          invalid={given.invalid}
          describedBy={given.describedBy}
        />
      );
    case "many": {
      const chosen = (value as string[]) ?? [];
      return (
        <span className="acts">
          {field.choices.map((one) => (
            <label key={one.value} className="tick">
              <input
                type="checkbox"
                name={`${path}.${one.value}`}
                checked={chosen.includes(one.value)}
                disabled={one.off}
                onChange={(event) =>
                  change(
                    event.target.checked
                      ? [...chosen, one.value]
                      : chosen.filter((each) => each !== one.value),
                  )
                }
              />
              {one.label}
            </label>
          ))}
        </span>
      );
    }
    case "yes":
      return (
        <label className="tick">
          <input
            {...common}
            type="checkbox"
            checked={value === true}
            onChange={(event) => change(event.target.checked)}
          />
          {field.label}
        </label>
      );
    case "day":
      return (
        <DayInput
          id={id}
          name={path}
          value={text(value)}
          change={change}
          today={place.today}
          label={field.label}
          invalid={given.invalid}
          describedBy={given.describedBy}
        />
      );
    case "moment":
      return <Moment given={given} zone={place.zone} today={place.today} label={field.label} />;
    case "json":
      return <Json given={given} example={field.example} fault={fault} />;
    case "file":
      return <FileInput given={given} accept={field.accept} />;
    case "rows":
      return (
        <Rows
          field={field}
          rows={(value as Values[]) ?? []}
          change={change}
          faults={faults}
          path={path}
          draw={(of, row, set, inner, before) => (
            <Fields fields={of} values={row} set={set} faults={inner} place={place} before={before} />
          )}
        />
      );
  }
}
