import type { ReactNode } from "react";
import { IconEmpty } from "./icons";

/** Why nothing is here, and what to do about it. */
export function EmptyState({ title, text, action }: { title: string; text?: string; action?: ReactNode }) {
  return (
    <div className="empty" data-testid="empty">
      <IconEmpty aria-hidden />
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {action}
    </div>
  );
}
