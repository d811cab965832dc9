import { useMe } from "@/api/session";

/** Where the calls of this audience begin: a buyer's people have their own, the mall's staff see all companies. */
export function useRoot(): { own: boolean; root: string } {
  const own = useMe().organisation.kind !== "mall";
  return { own, root: own ? "/console/v1/own" : "/console/v1" };
}
