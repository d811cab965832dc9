import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "./client";

export type Me = Of<"MeOut">;

export const meQuery = {
  queryKey: ["me"],
  queryFn: () => got(api.GET("/console/v1/me")),
  staleTime: 60_000,
  retry: false,
} as const;

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
