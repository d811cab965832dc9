import type { Middleware } from "openapi-fetch";

export type Factor = "password" | "totp" | "passkey" | "recovery";

/** Asks the person to prove that it is he; whether he did. The shell brings the dialog. */
type Ask = (factors: Factor[]) => Promise<boolean>;

let ask: Ask | undefined;
let asked: Promise<boolean> | undefined;

export function askBy(dialog: Ask | undefined): void {
  ask = dialog;
}

/** Calls that are refused at the same moment ask once. */
async function prove(factors: Factor[]): Promise<boolean> {
  asked ??= ask?.(factors).finally(() => {
    asked = undefined;
  });
  return (await asked) ?? false;
}

/** What was answered; an act that wants a fresh proof is asked for it and then made once more, with what it was made with. */
export async function proving(answer: Response, again: Request): Promise<Response> {
  if (answer.status !== 403) return answer;
  const told = (await answer
    .clone()
    .json()
    .catch(() => null)) as { code?: string; facts?: { factors?: Factor[] } } | null;
  if (told?.code !== "step_up_required") return answer;
  return (await prove(told.facts?.factors ?? [])) ? fetch(again) : answer;
}

const kept = new WeakMap<Request, Request>();

export const stepUp: Middleware = {
  onRequest({ request }) {
    kept.set(request, request.clone());
  },
  async onResponse({ request, response }) {
    const again = kept.get(request);
    return again && proving(response, again);
  },
};
