import { useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useWord } from "@/i18n";
import { CopyCode } from "@/ui";

/** Whoever did something, by `kind:id` as the server names him: people by their names, the rest by kind and id. */
export function Who({ by }: { by: string }) {
  const word = useWord();
  const at = by.indexOf(":");
  const kind = by.slice(0, at);
  const id = by.slice(at + 1);
  const { data: name } = useQuery({
    queryKey: ["name", id],
    queryFn: () => nameOf(id),
    enabled: kind === "person",
    staleTime: 600_000,
  });
  if (name) return <span title={id}>{name}</span>;
  if (at < 0) return by;
  return (
    <>
      {word("actor", kind)} <CopyCode text={id} short />
    </>
  );
}

const TOGETHER = 100;
let waiting = new Map<string, ((name: string) => void)[]>();

/** Those who are asked for in one drawing of a page are asked for together; "" is somebody whose name one may not know. */
function nameOf(id: string): Promise<string> {
  return new Promise((told) => {
    if (waiting.size === 0) setTimeout(ask, 0);
    waiting.set(id, [...(waiting.get(id) ?? []), told]);
  });
}

async function ask(): Promise<void> {
  const asked = waiting;
  waiting = new Map();
  const ids = [...asked.keys()];
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const some = ids.slice(from, from + TOGETHER);
    const names = new Map<string, string>();
    try {
      const found = await got(
        api.GET("/console/v1/names", { params: { query: { people: some.join(",") } } }),
      );
      for (const one of found.items) names.set(one.id, one.name);
    } catch {
      // Its id says who it was, too.
    }
    for (const id of some) for (const told of asked.get(id) ?? []) told(names.get(id) ?? "");
  }
}
