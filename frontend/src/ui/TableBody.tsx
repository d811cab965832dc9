import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Stand, styleOf } from "./columns";
import type { Column } from "./DataTable";
import { EmptyState } from "./EmptyState";
import type { Search } from "./list";
import { classOf } from "./TableHead";

interface Props<Row> {
  id: string;
  row: Row;
  columns: Column<Row>[];
  stand: Stand[];
  /** Where the keys are. */
  at: boolean;
  open: boolean;
  /** In the list no longer; it stands there until somebody takes what has come. */
  gone: boolean;
  touch: () => void;
  /** Its details, where there are any. */
  show?: () => void;
  choice?: { on: boolean; toggle: () => void };
}

/** A row of a list. */
export function Line<Row>({ id, row, columns, stand, at, open, gone, touch, show, choice }: Props<Row>) {
  const { t } = useTranslation();
  const classes = [at && "at", open && "open", choice?.on && "chosen", show && "opens", gone && "gone"];
  const left = gone && <span className="unseen">{t("news.gone")}</span>;
  return (
    <tr
      data-testid="row"
      data-id={id}
      className={classes.filter(Boolean).join(" ")}
      title={gone ? t("news.gone") : undefined}
      onClick={(event) => {
        touch();
        if (!(event.target as HTMLElement).closest("button, a, input, label")) show?.();
      }}
    >
      {choice && (
        <td className="check">
          <input
            type="checkbox"
            aria-label={t("bulk.choose", { id })}
            checked={choice.on}
            onChange={choice.toggle}
          />
        </td>
      )}
      {columns.map((column, n) => (
        <td
          key={column.id}
          className={classOf(column.end, n, stand.filter((one) => one.pin !== undefined).length)}
          style={styleOf(stand[n] ?? { width: undefined, pin: undefined })}
        >
          {n === 0 && show ? (
            <button type="button" className="rowlink" onClick={show}>
              {column.cell(row)}
            </button>
          ) : (
            column.cell(row)
          )}
          {n === 0 && left}
        </td>
      ))}
    </tr>
  );
}

// What an address may say beside filters.
const KEPT = new Set(["sort", "tab", "lang", "theme", "form"]);

interface Empty {
  title: string;
  text?: string;
  action?: ReactNode;
}

export function Nothing({ search, set, empty }: { search: Search; set: (s: Search) => void; empty: Empty }) {
  const { t } = useTranslation();
  const filtered = Object.keys(search).filter((name) => !KEPT.has(name));
  if (!filtered.length) return <EmptyState {...empty} />;
  const none = Object.fromEntries(filtered.map((name) => [name, undefined]));
  const clear = (
    <button type="button" className="link" onClick={() => set(none)}>
      {t("filter.clear")}
    </button>
  );
  return <EmptyState title={t("filter.nothing")} text={t("filter.nothing_text")} action={clear} />;
}

export function Bones({ columns }: { columns: number }) {
  return [...Array(8).keys()].map((row) => (
    <tr key={row} className="bones" aria-hidden>
      {[...Array(columns).keys()].map((cell) => (
        <td key={cell}>
          <span />
        </td>
      ))}
    </tr>
  ));
}
