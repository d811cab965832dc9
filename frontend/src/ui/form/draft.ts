import type { Field, Values } from "./fields";

/** What was written and not sent. `base`: what it was written over, of that `version`. */
export interface Draft {
  at: number;
  values: Values;
  base: Values;
  version?: number;
}

const KEPT_MS = 7 * 86_400_000;
const FIRST = "commissary.draft.";

export const draftKey = (who: string, form: string, subject: string): string =>
  `${FIRST}${who}.${form}.${subject}`;

/** Without secrets and files. */
export function withoutSecrets(fields: Field[], values: Values): Values {
  const hidden = new Set(fields.filter((f) => f.secret || f.kind === "file").map((f) => f.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !hidden.has(name)));
}

export function keep(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Full, or forbidden: then there is no draft.
  }
}

export function drop(key: string): void {
  localStorage.removeItem(key);
}

export function recall(key: string, now = Date.now()): Draft | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    if (found && now - found.at < KEPT_MS && typeof found.values === "object") return found;
  } catch {
    // What cannot be read was not ours.
  }
  localStorage.removeItem(key);
}
