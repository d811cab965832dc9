import { useQuery } from "@tanstack/react-query";
import { api, got, keepTabMode, type Mode, type Of } from "./client";
import { Fault } from "./errors";

export type Me = Of<"MeOut">;

export const meQuery = {
  queryKey: ["me"],
  queryFn: whoAmI,
  staleTime: 60_000,
  retry: false,
} as const;

/** What he is shown first is what this tab stays with. Who has never entered the sandbox, or has none any more, is in the live mall. */
async function whoAmI(): Promise<Me> {
  let me: Me;
  try {
    me = await got(api.GET("/console/v1/me"));
  } catch (error) {
    if (!(error instanceof Fault && error.status === 409)) throw error;
    keepTabMode("live");
    me = await got(api.GET("/console/v1/me"));
  }
  keepTabMode(me.mode);
  return me;
}

/** Everything is read anew: not one row of the other mall stays on the page. `page`: where he goes on there. */
export async function switchMode(mode: Mode, page?: string): Promise<void> {
  await got(api.PUT("/console/v1/me/mode", { body: { mode } }));
  keepTabMode(mode);
  if (!page) return location.assign("/console/");
  const there = await got(api.GET("/console/v1/me"));
  location.assign(`/console/c/${there.mall.slug}/${page}`);
}

/** He goes on for another of his organisations; everything is read anew. */
export async function actFor(organisation_id: string): Promise<void> {
  await got(api.POST("/console/v1/sessions/current/organisation", { body: { organisation_id } }));
  location.assign("/console/");
}

/** Inside the shell somebody is signed in. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("nobody is signed in");
  return data;
}

/** What he may; the server asks again at each call, this only hides what would be refused. */
export function useMay(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission) || me.permissions.includes("*");
}

export interface Config {
  version: string;
  demo: { mall: string; people: { email: string; name: string; role: string }[] } | null;
}

export async function config(): Promise<Config> {
  return (await fetch("/console/config.json")).json();
}
