import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";

/** Of whoever may hear the mall's events at all. */
const HEARS = ["orders.read", "notify.read", "jobs.read", "fulfilment.read", "approvals.decide"];

/** How much waits for his word: asked when the page opens, and again as soon as the server says that something was asked or decided. */
export function useWaiting(): number {
  const may = useMay();
  const queries = useQueryClient();
  const hears = HEARS.some(may);
  const { data } = useQuery({
    queryKey: ["inbox", "waiting"],
    queryFn: async () => (await got(api.GET("/console/v1/inbox"))).waiting,
    staleTime: 30_000,
  });
  useEffect(() => {
    if (!hears) return;
    const events = new EventSource("/console/v1/events");
    const heard = (): void => void queries.invalidateQueries({ queryKey: ["inbox"] });
    events.addEventListener("inbox", heard);
    return () => events.close();
  }, [hears, queries]);
  return data ?? 0;
}
