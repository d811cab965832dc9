import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExportList } from "@/api/files";
import { usePrefs } from "@/app/prefs";
import { type BulkAct, BulkActs, type BulkList } from "./BulkBar";
import { useColumns, usePins } from "./columns";
import { DetailDrawer } from "./DetailDrawer";
import { ExportMenu } from "./ExportMenu";
import { FaultNote } from "./FaultNote";
import { type Filter, FilterBar } from "./FilterBar";
import { useHeld } from "./hold";
import { type Search, useListState, writing } from "./list";
import { News } from "./News";
import { Bones, Line, Nothing } from "./TableBody";
import { TableFoot, type Totals } from "./TableFoot";
import { TableHead, TableTools } from "./TableHead";
import { useDefaultView, Views } from "./Views";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their column. */
  end?: boolean;
  /** The server's name for sorting by it. */
  sort?: string;
  /** To sort by, where all rows are here anyway. */
  value?: (row: Row) => string | number;
  /** Not shown until somebody chooses it. */
  hidden?: boolean;
}

export interface Page<Row> {
  items: Row[];
  next?: string | null;
  total_estimate?: number | null;
}

interface ListProps<Row> {
  /** Of the query and of what is remembered of its columns. */
  id: string;
  label: string;
  rowKey: (row: Row) => string;
  columns: Column<Row>[];
  load: (search: Search) => Promise<Page<Row>>;
  filters?: Filter[];
  find?: string;
  /** Exact counts and sums of the whole filter, asked for after the rows. */
  totals?: (search: Search) => Promise<Totals | null>;
  /** What the drawer shows of the row, or of an id that is on no page. */
  detail?: (id: string, row: Row | undefined) => ReactNode;
  detailTitle?: (row: Row | undefined, id: string) => ReactNode;
  /** The row on a page of its own: where Enter leads; the drawer then opens by a click, or the space bar. */
  toPage?: (id: string) => void;
  /** What can be done to many: those chosen, or everything that matches. */
  bulk?: { list: BulkList; acts: BulkAct[]; subject?: (row: Row) => { id: string; line_no?: number } };
  /** What else can be done to those chosen, by the page itself. */
  withChosen?: (rows: Row[], clear: () => void) => ReactNode;
  /** The list's own parameters, of what the address says: what a bulk act or an export is asked with. */
  asked?: (search: Search) => Search;
  exports?: ExportList;
  /** Filters under a name, shown above the list. */
  views?: boolean;
  empty: { title: string; text?: string; action?: ReactNode };
  /** Asked again after so many milliseconds. */
  poll?: number;
}

/** Every list of the console: its state is the address, its rows are plain table rows, its keys are the same everywhere. */
export function DataTable<Row>(props: ListProps<Row>) {
  const { t } = useTranslation();
  const { dense, hidden: hiddenOf } = usePrefs();
  const [search, set] = useListState();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [at, setAt] = useState(-1);
  const findRef = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const { open, form: _form, part: _part, ...asked } = search;
  const ready = useDefaultView(props.id, !!props.views, search, set);
  const { rows, page, whole, gone, added, moved, error, isPending, isFetching, show, again } = useHeld({
    id: props.id,
    search: asked,
    ready,
    load: props.load,
    poll: props.poll,
    keyOf: props.rowKey,
    sorted: (rows, whole) => sorted(rows, props.columns, asked.sort, whole),
  });
  const keys = rows.map(props.rowKey);
  const hidden = hiddenOf[props.id] ?? props.columns.filter((c) => c.hidden).map((c) => c.id);
  const columns = props.columns.filter((c) => !hidden.includes(c.id));
  const { widths, pinned } = useColumns(props.id);
  const stand = columns.map((c, n) => ({ width: widths[c.id], pin: n < pinned ? n : undefined }));
  const opened = open === undefined ? -1 : keys.indexOf(open);
  const picked = rows.filter((row) => chosen.has(props.rowKey(row)));
  const choosing = !!props.bulk || !!props.withChosen;
  usePins(table, pinned, choosing);
  const clear = (): void => {
    setChosen(new Set());
    setAll(false);
  };
  const { cursor: _c, sort: _s, tab: _t, ...plain } = asked;
  const filter = props.asked?.(plain) ?? plain;
  const more = rows.length > 0 && picked.length === rows.length && (!!page?.next || !!asked.cursor);
  const matching = (page?.next || asked.cursor ? page?.total_estimate : rows.length) ?? rows.length;
  const toggle = (key: string): void => {
    setAll(false);
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (writing(event) || document.querySelector(".ant-modal-wrap:not([style*='display: none']), .form"))
        return;
      const free = !(event.target as HTMLElement).closest("button, a");
      const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (event.key === "/") findRef.current?.focus();
      else if (event.key === "e") document.querySelector<HTMLElement>("main [data-testid=export]")?.click();
      else if (step && open !== undefined && opened >= 0 && keys[opened + step])
        set({ open: keys[opened + step] }, true);
      else if (step && open === undefined && event.key.length === 1)
        setAt((now) => Math.max(0, Math.min(rows.length - 1, now + step)));
      else if (event.key === "x" && choosing && keys[at]) toggle(keys[at]);
      else if (event.key === "Enter" && free && props.toPage && (open ?? keys[at]))
        props.toPage(open ?? (keys[at] as string));
      else if (
        (event.key === "Enter" || (event.key === " " && props.toPage)) &&
        free &&
        open === undefined &&
        keys[at] &&
        props.detail
      )
        set({ open: keys[at] });
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
  useEffect(() => {
    body.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  return (
    <section className={dense ? "list dense" : "list"} aria-label={props.label} aria-busy={isFetching}>
      {props.views && (
        <Views page={props.id} search={asked} set={set} count={props.load} idle={!isPending && !isFetching} />
      )}
      <div className="toolbar">
        <FilterBar
          filters={props.filters ?? []}
          find={props.find}
          search={search}
          set={set}
          findRef={findRef}
          count={props.load}
        />
        {props.exports && <ExportMenu list={props.exports} filter={filter} />}
        <TableTools id={props.id} columns={props.columns} hidden={hidden} again={again} />
      </div>
      {choosing && picked.length > 0 && (
        <div className="bulk" role="region" aria-label={t("bulk.label")}>
          <strong>
            {all ? t("bulkbar.all", { count: matching }) : t("bulk.chosen", { count: picked.length })}
          </strong>
          {props.bulk && more && !all && (
            <button type="button" className="link" data-testid="choose-all" onClick={() => setAll(true)}>
              {t("bulkbar.choose_all", { count: matching })}
            </button>
          )}
          {props.withChosen?.(picked, clear)}
          {props.bulk && (
            <BulkActs
              list={props.bulk.list}
              acts={props.bulk.acts}
              chosen={picked.map(props.bulk.subject ?? ((row) => ({ id: props.rowKey(row) })))}
              all={all}
              filter={filter}
              done={clear}
            />
          )}
          <button type="button" className="link" onClick={clear}>
            {t("bulk.clear")}
          </button>
        </div>
      )}
      <div className="held" role="status">
        {moved && (
          <News
            text={added ? t("news.rows", { count: added }) : t("news.changed")}
            show={show}
            testid="news"
          />
        )}
      </div>
      <FaultNote error={error} retry={again} />
      {isFetching && <div className="bar" aria-hidden />}
      <div className="scroll" tabIndex={0} role="region" aria-label={props.label}>
        <table ref={table} className={pinned ? "pinning" : undefined}>
          <TableHead
            id={props.id}
            columns={columns}
            sort={asked.sort}
            whole={whole}
            setSort={(sort) => set({ sort, cursor: undefined })}
            all={
              choosing
                ? {
                    on: picked.length > 0 && picked.length === rows.length,
                    toggle: () => {
                      setAll(false);
                      setChosen(picked.length === rows.length ? new Set() : new Set(keys));
                    },
                  }
                : undefined
            }
          />
          <tbody ref={body}>
            {isPending && <Bones columns={columns.length + (choosing ? 1 : 0)} />}
            {rows.map((row, index) => {
              const key = props.rowKey(row);
              return (
                <Line
                  key={key}
                  id={key}
                  row={row}
                  columns={columns}
                  stand={stand}
                  at={index === at}
                  open={key === open}
                  gone={gone.has(key)}
                  touch={() => setAt(index)}
                  show={props.detail && (() => set({ open: key }))}
                  choice={choosing ? { on: chosen.has(key), toggle: () => toggle(key) } : undefined}
                />
              );
            })}
          </tbody>
        </table>
        {!isPending && !error && rows.length === 0 && (
          <Nothing search={asked} set={set} empty={props.empty} />
        )}
      </div>
      <TableFoot id={props.id} page={page} search={asked} set={set} totals={props.totals} />
      {props.detail && (
        <DetailDrawer
          open={open !== undefined}
          title={open === undefined ? "" : (props.detailTitle?.(rows[opened], open) ?? open)}
          before={opened > 0 ? () => set({ open: keys[opened - 1] }, true) : undefined}
          after={
            opened >= 0 && opened < keys.length - 1 ? () => set({ open: keys[opened + 1] }, true) : undefined
          }
          close={() => set({ open: undefined, part: undefined })}
        >
          {open !== undefined &&
            (props.detail(open, rows[opened]) ||
              (!isPending && !error && <p className="muted">{t("table.elsewhere")}</p>))}
        </DetailDrawer>
      )}
    </section>
  );
}

/** By the server when it can, else here, but only when no row is elsewhere: a page sorted by itself would lie. */
function sorted<Row>(rows: Row[], columns: Column<Row>[], sort: string | undefined, whole: boolean): Row[] {
  const value = columns.find((c) => c.id === sort?.replace("-", "") && !c.sort)?.value;
  if (!sort || !value || !whole) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return (
      sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)))
    );
  });
}
