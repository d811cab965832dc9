import type { Of } from "@/api/client";
import type { Problem } from "@/api/errors";
import type { Field, Values } from "./fields";

const AMOUNT = /^-?\d{1,12}(\.\d{1,4})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type Faults = Record<string, string>;
/** Why a value cannot be sent, by a key of ours; the server says the rest. */
export type Lack = "must" | "amount" | "whole" | "day" | "json" | "least" | "most";

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
export const shown = (fields: Field[], values: Values): Field[] =>
  fields.filter((f) => !f.when || f.when(values));

function empty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** What is lacking, by path. */
export function lacks(fields: Field[], values: Values, before = ""): Record<string, Lack> {
  const found: Record<string, Lack> = {};
  for (const field of shown(fields, values)) {
    const value = values[field.name];
    const path = before + field.name;
    const lack = empty(value) ? (field.must ? "must" : undefined) : wrong(field, value);
    if (lack) found[path] = lack;
    if (field.kind === "rows")
      (value as Values[] | undefined)?.forEach((row, n) => {
        Object.assign(found, lacks(field.of, row, `${path}[${n}].`));
      });
  }
  return found;
}

function wrong(field: Field, value: unknown): Lack | undefined {
  if (field.kind === "money") return AMOUNT.test(String(value).trim()) ? undefined : "amount";
  if (field.kind === "day") return DAY.test(String(value)) ? undefined : "day";
  if (field.kind === "moment") return Number.isNaN(Date.parse(String(value))) ? "day" : undefined;
  if (field.kind === "whole") {
    if (!Number.isSafeInteger(value)) return "whole";
    if (field.least !== undefined && (value as number) < field.least) return "least";
    if (field.most !== undefined && (value as number) > field.most) return "most";
  }
  if (field.kind === "json") {
    try {
      const read = JSON.parse(String(value));
      return typeof read === "object" && read !== null ? undefined : "json";
    } catch {
      return "json";
    }
  }
}

/** As the API takes it. */
export function read(fields: Field[], values: Values): Values {
  const sent: Values = {};
  for (const field of shown(fields, values)) {
    const value = values[field.name];
    if (field.kind === "yes") sent[field.name] = value === true;
    else if (field.kind === "list")
      sent[field.name] = String(value ?? "")
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
    else if (field.kind === "many") sent[field.name] = value ?? [];
    else if (field.kind === "rows")
      sent[field.name] = ((value as Values[]) ?? []).map((row) => read(field.of, row));
    else if (empty(value)) {
      if (field.none !== undefined) sent[field.name] = field.none;
    } else sent[field.name] = one(field, value);
  }
  return sent;
}

function one(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case "money":
      return field.bare ? String(value).trim() : { amount: String(value).trim(), currency: field.currency };
    case "json":
      return JSON.parse(String(value));
    case "text":
    case "long":
      return field.secret ? value : String(value).trim();
    default:
      return value;
  }
}

/** What the server said of fields, each at its own; what is of none of them. */
export function placed(
  fields: Field[],
  values: Values,
  said: Problem["fields"],
  zh = false,
): { at: Faults; rest: NonNullable<Problem["fields"]> } {
  const at: Faults = {};
  const rest: NonNullable<Problem["fields"]> = [];
  const open = shown(fields, values);
  const names = (field: Field): string[] => [field.name, ...(field.also ?? [])];
  for (const told of said ?? []) {
    const fault = { ...told, message: inLang(told.message, zh) };
    const path = fault.path.replace(/^\$\.?/, "").replace(/^(body|data)\./, "");
    const field =
      open.find((f) =>
        names(f).some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)),
      ) ?? open.find((f) => f.also?.includes("*"));
    if (!field) rest.push(fault);
    else if (field.kind === "rows" && path.includes("[")) at[path] = fault.message;
    else
      at[field.name] = join(
        at[field.name],
        path === field.name ? fault.message : `${path}: ${fault.message}`,
      );
  }
  return { at, rest };
}

const CHINESE = /[\u3400-\u9fff]/u;

/** The server says some reasons as "English / Chinese": the half of one's own language. */
export function inLang(message: string, zh: boolean): string {
  const at = message.lastIndexOf(" / ");
  if (at < 0 || !CHINESE.test(message.slice(at))) return message;
  return zh ? message.slice(at + 3) : message.slice(0, at);
}

const join = (a: string | undefined, b: string): string => (a ? `${a}; ${b}` : b);

export interface Clash {
  name: string;
  mine: unknown;
  theirs: unknown;
}

/** Somebody else saved meanwhile. What only one of us changed is as he changed it; `clashes`: what both did. */
export function merge(
  base: Values,
  mine: Values,
  theirs: Values,
): { values: Values; clashes: Clash[]; taken: Clash[] } {
  const values: Values = { ...mine };
  const clashes: Clash[] = [];
  const taken: Clash[] = [];
  for (const name of Object.keys(theirs)) {
    if (same(theirs[name], mine[name]) || same(theirs[name], base[name])) continue;
    if (same(mine[name], base[name])) {
      values[name] = theirs[name];
      taken.push({ name, mine: mine[name], theirs: theirs[name] });
    } else clashes.push({ name, mine: mine[name], theirs: theirs[name] });
  }
  return { values, clashes, taken };
}

/** Of what was asked for, it is now waiting for somebody else's yes. */
export function waitsForApproval(answer: unknown): answer is Of<"ApprovalAsked"> {
  return typeof answer === "object" && answer !== null && "approval_id" in answer;
}
