import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMe } from "@/api/session";

export const POLL = 15_000;

export function SystemLink({ page, children }: { page: "jobs" | "connections"; children: ReactNode }) {
  const me = useMe();
  return (
    <Link to={`/c/$org/${page}`} params={{ org: me.mall.slug }}>
      {children}
    </Link>
  );
}
