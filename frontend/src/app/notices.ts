import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, got, type Of } from "@/api/client";
import { useHeard } from "@/ui/hold";
import type { Reading } from "@/ui/Pending";

type Page = Of<"NoticePage">;

const KEY = ["notices", "bell"];

/** What calls for one, newest first; unread are those since one looked last, here or in another browser. */
export function useNotices(open: boolean): {
  found: Page["items"];
  unread: number;
  read: Reading & { data?: unknown };
} {
  const queries = useQueryClient();
  const read = useQuery({
    queryKey: KEY,
    queryFn: () => got(api.GET("/console/v1/notices", { params: { query: { size: 20 } } })),
    staleTime: 60_000,
  });
  const { data } = read;
  useHeard("notice", "notices");
  const last = data?.items[0]?.id;
  const unread = data?.unseen ?? 0;
  useEffect(() => {
    if (!open || !last || !unread) return;
    void got(api.POST("/console/v1/notices/seen", { body: { up_to: last } })).then(
      () => queries.setQueryData<Page>(KEY, (now) => now && { ...now, unseen: 0 }),
      () => undefined, // the next look tells again how many there are
    );
  }, [open, last, unread, queries]);
  return { found: data?.items ?? [], unread, read };
}
