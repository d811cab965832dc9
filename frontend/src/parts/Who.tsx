import { usePersonName } from "@/api/names";
import { useWord } from "@/i18n";
import { CopyCode } from "@/ui";

/** Whoever did something, by `kind:id` as the server names him: people by their names, the rest by kind and id. */
export function Who({ by }: { by: string }) {
  const word = useWord();
  const at = by.indexOf(":");
  const kind = by.slice(0, at);
  const id = by.slice(at + 1);
  const name = usePersonName(kind === "person" ? id : undefined);
  if (name) return <span title={id}>{name}</span>;
  if (at < 0) return by;
  return (
    <>
      {word("actor", kind)} <CopyCode text={id} short />
    </>
  );
}
