import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import { learn } from "@/i18n";

interface Word {
  code: string;
  zh: string;
  en: string;
}

/** The server's own words for its codes, where it tells them; ours are the fallback. */
export function useServersWords(): void {
  useQuery({
    queryKey: ["enums"],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      const found = await ask<Record<string, Word[]>>("/console/v1/meta/enums");
      for (const [kind, words] of Object.entries(found ?? {}))
        if (Array.isArray(words)) for (const one of words) learn(kind, one.code, one);
      return found ?? {};
    },
  });
}
