import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import { useWord } from "@/i18n";
import { useRoot } from "./audience";

interface Enums {
  enums: { event?: { code: string }[] };
}

// What a buyer's endpoints can hear; the mall's hear everything.
const OF_BUYERS = /^(order|balance|price|sku|statement)\./;
const OF_THE_MALL = /^sku\.delisted$/;

/** Names of events with their words, to choose from, and the reading that they come from. */
export function useEvents() {
  const word = useWord();
  const { own } = useRoot();
  const of = useQuery({
    queryKey: ["events"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await ask<Enums>("/console/v1/meta/enums"))?.enums.event ?? [],
  });
  const choices = (of.data ?? [])
    .map((one) => one.code)
    .filter((code) => code !== "endpoint.test" && (!own || (OF_BUYERS.test(code) && !OF_THE_MALL.test(code))))
    .map((code) => ({ value: code, label: `${word("event", code)} · ${code}` }));
  return { of, choices };
}
