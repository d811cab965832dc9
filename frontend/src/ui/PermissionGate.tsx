import type { ReactNode } from "react";
import { useMay } from "@/api/session";

/** Shows what this person may do. The server asks again. */
export function PermissionGate({ of, children }: { of: string; children: ReactNode }) {
  return useMay()(of) ? children : null;
}
