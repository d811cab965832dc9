import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "./client";
import { Fault } from "./errors";
import { type Me, useMe } from "./session";

type Business = Of<"MyBusinessOut">["business"];

/** A line of the role sheet: what comes first for who does this business. It hides nothing and changes no right. */
interface Sheet {
  start: string;
  menu: string[];
  prices: string[];
  defaults: { buy_tab?: string; dev_tab?: string; keeps_goods?: boolean };
}

export interface Desk extends Sheet {
  business: Business;
  version: number;
}

/** How the console of a buyer's people is arranged; null for everybody else. */
export function deskQuery(me: Me) {
  const buys = me.organisation.kind === "buyer" || me.organisation.kind === "enterprise";
  return {
    queryKey: ["desk", me.mall.id, me.organisation.id],
    staleTime: 60_000,
    retry: false,
    queryFn: async (): Promise<Desk | null> => {
      if (!buys) return null;
      try {
        const [now, sheet] = await Promise.all([
          got(api.GET("/console/v1/own/business")),
          import("@/app/role-sheet.json"),
        ]);
        return { ...now, ...(sheet.default as Record<Business, Sheet>)[now.business] };
      } catch (error) {
        if (error instanceof Fault) return null; // as it always was, rather than not at all
        throw error;
      }
    },
  };
}

export function useDesk(): Desk | null {
  return useQuery(deskQuery(useMe())).data ?? null;
}
