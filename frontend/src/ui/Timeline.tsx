import type { ReactNode } from "react";
import { Time } from "./Time";

export interface Moment {
  key: string;
  at: string;
  what: ReactNode;
  more?: ReactNode;
}

/** What happened, oldest first. */
export function Timeline({ moments }: { moments: Moment[] }) {
  const sorted = [...moments].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <ol className="timeline">
      {sorted.map((one) => (
        <li key={one.key}>
          <Time at={one.at} />
          <div>{one.what}</div>
          {one.more && <div className="muted">{one.more}</div>}
        </li>
      ))}
    </ol>
  );
}
