import type { ReactNode } from "react";
import type { Of } from "@/api/client";
import { Money, StatusTag } from "@/ui";
import "./head.css";

/** What an order is at one look: its state, its money, whose it is; and what can be done about it. */
export function Head({
  status,
  total,
  about,
  link,
  children,
}: {
  status: string;
  total: Of<"Money">;
  about?: ReactNode;
  link?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="order-head" data-testid="order-head">
      <p>
        <StatusTag kind="order" code={status} />
        <strong>
          <Money value={total} />
        </strong>
        {about && <span>{about}</span>}
        {link}
      </p>
      {children}
    </div>
  );
}
