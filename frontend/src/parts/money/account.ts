import { useConnectionName } from "@/api/names";
import { useWord } from "@/i18n";

/** A wallet, a department's, or one of the mall's own accounts. */
export function useAccountName() {
  const word = useWord();
  const connection = useConnectionName();
  const purpose = (sub: string) => (/^\d+$/.test(sub) ? connection(sub) : sub && word("purpose", sub));
  return (a: { kind: string; sub: string }, department: string | null) =>
    [word("account_kind", a.kind), department ?? purpose(a.sub)].filter(Boolean).join(" · ");
}
