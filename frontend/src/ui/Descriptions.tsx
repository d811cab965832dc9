import type { ReactNode } from "react";

export type Pair = [label: string, value: ReactNode] | null | false;

/** Names and values of one thing. */
export function Descriptions({ pairs }: { pairs: Pair[] }) {
  return (
    <dl className="pairs">
      {pairs.map(
        (pair) =>
          pair && (
            <div key={pair[0]}>
              <dt>{pair[0]}</dt>
              <dd>{pair[1] === null || pair[1] === undefined || pair[1] === "" ? "–" : pair[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
