import type { Choice } from "@/ui/fields";
import { useWord } from ".";

/** Codes of the server as something to choose from, in its words. */
export function useChoices(): (kind: string, codes: readonly string[]) => Choice[] {
  const word = useWord();
  return (kind, codes) => codes.map((value) => ({ value, label: word(kind, value) }));
}
