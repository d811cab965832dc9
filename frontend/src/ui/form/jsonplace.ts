/** Where in a JSON text the value of a path such as `sign.put.name` or `words[1]` begins; -1: nowhere. */
export function placeOf(text: string, path: string): number {
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  let at = 0;
  const skip = (): void => {
    while (at < text.length && /\s/.test(text[at] ?? "")) at++;
  };
  const string = (): string => {
    const from = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at++;
    return text.slice(from + 1, at - 1);
  };
  let deepest = -1;
  const value = (depth: number, on: boolean): void => {
    skip();
    if (on) deepest = at;
    const opened = text[at];
    if (opened === '"') string();
    else if (opened === "{" || opened === "[") {
      at++;
      for (let n = 0; at < text.length; n++) {
        skip();
        if (text[at] === "}" || text[at] === "]") break;
        const step = opened === "{" ? string() : String(n);
        skip();
        if (opened === "{") at++; // the colon
        value(depth + 1, on && depth < steps.length && step === steps[depth]);
        skip();
        if (text[at] === ",") at++;
      }
      at++;
    } else while (at < text.length && !/[,\]}\s]/.test(text[at] ?? "")) at++;
  };
  value(0, true);
  return deepest;
}

export const lineOf = (text: string, place: number): number => text.slice(0, place).split("\n").length;

/** Where the parser stopped, in the words of the browsers that say so. */
export function brokenAt(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const said = String(error);
    const place = /position (\d+)/.exec(said);
    if (place) return lineOf(text, Number(place[1]));
    const line = /line (\d+)/.exec(said);
    return line ? Number(line[1]) : lineOf(text, text.length);
  }
}
