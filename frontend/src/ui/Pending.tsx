import { notifyManager, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { FaultNote } from "./FaultNote";
import { Bones } from "./fields";

/** A reading, as far as who waits for it has to know. */
export interface Reading {
  error: unknown;
  isLoading: boolean;
  refetch: () => unknown;
}

/** What stands where a reading has given nothing yet: that it comes, or why not. Never that there is none. */
export function Pending({ of, rows = 3 }: { of: Reading; rows?: number }) {
  if (of.error) return <FaultNote error={of.error} retry={() => void of.refetch()} />;
  return of.isLoading ? <Bones rows={rows} /> : null;
}

/** At a select without choices: that they could not be read. `of`: where they come from, unless it is the names of things. */
export function Unread({ of }: { of?: Reading }) {
  const { t } = useTranslation();
  const names = useUnreadNames();
  if (of ? !of.error : !names.failed) return null;
  return (
    <span className="wrong" role="alert" data-testid="unread">
      {t("fault.choices")}{" "}
      <button type="button" className="link" onClick={() => void (of ?? names).refetch()}>
        {t("fault.retry")}
      </button>
    </span>
  );
}

/** Whether names that somebody waits for could not be read. */
function useUnreadNames(): { failed: boolean; refetch: () => unknown } {
  const queries = useQueryClient();
  const unread = {
    queryKey: ["names"],
    type: "active",
    predicate: ({ state }: { state: { status: string; data?: unknown } }) =>
      state.status === "error" && state.data === undefined,
  } as const;
  const failed = useSyncExternalStore(
    (told) => queries.getQueryCache().subscribe(notifyManager.batchCalls(told)),
    () => queries.getQueryCache().findAll(unread).length > 0,
  );
  return { failed, refetch: () => queries.refetchQueries(unread) };
}
