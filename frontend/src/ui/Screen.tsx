import { type ReactNode, useEffect } from "react";
import { Pending, type Reading } from "./Pending";

/** A page: its title, what it is for, and what can be done on all of it. */
export function Screen({
  title,
  text,
  actions,
  children,
}: {
  title: string;
  text?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Commissary`;
  }, [title]);
  return (
    <div className="screen">
      <header>
        <div>
          <h1>{title}</h1>
          {text && <p className="muted">{text}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a detail. */
export function Part({
  title,
  children,
  actions,
}: {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <section className="part">
      <header>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** A small table inside a detail: no state of its own. `of`: the reading that its rows come from. */
export function Small<Row>({
  of,
  rows,
  columns,
  keyOf,
  none,
}: {
  of?: Reading;
  rows: Row[];
  columns: [string, (row: Row) => ReactNode, "end"?][];
  keyOf: (row: Row) => string;
  none: string;
}) {
  if (!rows.length && (of?.error || of?.isLoading)) return <Pending of={of} />;
  if (!rows.length) return <p className="muted">{none}</p>;
  return (
    <div className="small" tabIndex={0} role="region" aria-label={columns.map(([title]) => title).join(" ")}>
      <table>
        <thead>
          <tr>
            {columns.map(([title, , end]) => (
              <th key={title} className={end}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(([title, cell, end]) => (
                <td key={title} className={end}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
