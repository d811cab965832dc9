import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { draftKey, drop, keep, recall } from "@/ui/form/draft";

/** Lines of an upload that were written anew; null: left out. */
export type Mended = ReadonlyMap<number, string[] | null>;
type Line = [line: number, cells: string[] | null];

/**
 * What is mended of an upload and not sent yet: kept on this machine for its revision, so that it is here again after another
 * page or a reload. Lines of codes are in no storage of a browser: of them `asking` asks before they are lost.
 */
export function useMended(upload: Of<"UploadOut">) {
  const me = useMe();
  const clear = upload.kind === "codes";
  const key = draftKey(`${me.mall.slug}.${me.person.id}`, "import", upload.id);
  const [found] = useState(() => (clear ? undefined : recall(key)));
  const lines = found?.version === upload.revision ? (found.values.lines as Line[]) : undefined;
  const [mended, setMended] = useState<Mended>(new Map(lines));
  const set = (now: Mended): void => {
    setMended(now);
    if (clear) return;
    if (now.size)
      keep(key, { at: Date.now(), values: { lines: [...now] }, base: {}, version: upload.revision });
    else drop(key);
  };
  const loses = clear && mended.size > 0;
  const asking = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      loses && (next.pathname !== current.pathname || stepIn(next.search) !== stepIn(current.search)),
    enableBeforeUnload: () => loses,
    withResolver: true,
  });
  return { mended, set, restored: !!lines?.length, asking };
}

const stepIn = (search: unknown): string | undefined => (search as { step?: string }).step;
