import { useId } from "react";
import { useMe } from "@/api/session";
import { clockOf } from "../Time";
import { DayInput, isDay } from "./DayInput";

/** A day with its label, where there is no form around it. What is no day is marked and stays as it was written. */
export function DayField(props: { label: string; value: string; change: (value: string) => void }) {
  const id = useId();
  const { zone } = useMe().mall;
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <DayInput
        {...props}
        id={id}
        today={clockOf(new Date().toISOString(), zone).slice(0, 10)}
        invalid={props.value !== "" && !isDay(props.value)}
      />
    </div>
  );
}
