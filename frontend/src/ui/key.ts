import { useRef } from "react";

/** The key of one deed: the same however often it is sent, another after it was done. */
export function useKey(): { now: () => string; next: () => void } {
  const key = useRef("");
  return {
    now: () => {
      key.current ||= crypto.randomUUID();
      return key.current;
    },
    next: () => {
      key.current = "";
    },
  };
}
