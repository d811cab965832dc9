import { useQuery } from "@tanstack/react-query";
import { useSaid, useWord } from "@/i18n";
import { api, got, type Of } from "./client";

/** Presets and the mall's own. */
export function useRoles(): Of<"RoleOut">[] {
  return (
    useQuery({ queryKey: ["names", "roles"], queryFn: () => got(api.GET("/console/v1/roles")) }).data ?? []
  );
}

/** What a role is called; the mall's own have names that the server's list of words does not know. */
export function useRoleName(): (name: string) => string {
  const roles = useRoles();
  const said = useSaid();
  const word = useWord();
  return (name) => said(roles.find((one) => one.name === name)) || word("role", name);
}
