import type { Narrowing, Thing } from "@/api/names";
import type { Choice } from "../fields";
import type { Reading } from "../Pending";

/** What stands in a form, by field: as it is written, not yet as it is sent. */
export type Values = Record<string, unknown>;

interface Common {
  /** The API's name, or, of a field that is only asked, any. */
  name: string;
  label: string;
  hint?: string;
  must?: boolean;
  /** What an empty one is sent as; without, it is left out. */
  none?: null | "";
  when?: (values: Values) => boolean;
  /** Other names under which the server speaks of it. `*`: of whatever nobody else is spoken of by. */
  also?: string[];
  /** Never kept in a draft. */
  secret?: boolean;
  /** Two stand side by side. */
  half?: boolean;
  /** What is wrong with it beside the others, in words. */
  check?: (values: Values) => string | undefined;
}

export type Field = Common &
  (
    | { kind: "text"; most?: number; code?: boolean; example?: string; complete?: string }
    | { kind: "long"; most?: number; lines?: number }
    /** `bare`: text on the wire, where the currency is understood. */
    | { kind: "money"; currency: string; bare?: boolean }
    | { kind: "whole"; least?: number; most?: number; unit?: string }
    /** Basis points on the wire, percent on the screen. `slide`: between nothing and all. */
    | { kind: "percent"; slide?: boolean }
    | { kind: "choice"; choices: Choice[]; of?: Reading; nothing?: string; fixed?: boolean }
    /** One of what there are many of; `where`: the filters of their list, `empty`: what to do when there is none. */
    | { kind: "pick"; of: Thing; where?: Narrowing; nothing?: string; empty?: string; fixed?: boolean }
    /** `off`: shown as it is, not to be changed by whoever looks. */
    | { kind: "many"; choices: (Choice & { off?: boolean })[] }
    /** Texts, one in a line. */
    | { kind: "list"; example?: string }
    | { kind: "yes" }
    | { kind: "day" }
    | { kind: "moment" }
    | { kind: "json"; example?: unknown }
    | { kind: "file"; accept?: string }
    | { kind: "rows"; of: Field[]; add: string; blank: Values; title?: (n: number) => string }
  );

/** A text in both languages, side by side. */
export function both(
  name: string,
  label: { zh: string; en: string },
  rest: Partial<Common> & { most?: number; long?: boolean } = {},
): Field[] {
  const { long, ...common } = rest;
  const kind = long ? ("long" as const) : ("text" as const);
  return [
    { ...common, kind, name: `${name}_zh`, label: label.zh, half: true },
    { ...common, kind, name: `${name}_en`, label: label.en, half: true },
  ];
}
