import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useLive } from "@/api/live";
import { tell } from "@/ui/hold";

/** How much waits for his word: asked when the page opens, and again as soon as the server says that something was asked or decided.
 *  Who decides in a colleague's stead hears nothing by himself, so it is asked now and then too. */
export function useWaiting(): number {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["inbox", "waiting"],
    queryFn: async () => (await got(api.GET("/console/v1/inbox"))).waiting,
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
  useLive("inbox", () => tell(queries, ["inbox"]));
  return data ?? 0;
}
