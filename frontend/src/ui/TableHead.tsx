import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { setPrefs, usePrefs } from "@/app/prefs";
import { draw, styleOf, useColumns } from "./columns";
import type { Column } from "./DataTable";
import { IconDensity, IconDown, IconReload, IconSettings, IconUp } from "./icons";
import { Button } from "./kit";
import { Menu } from "./Menu";
import "./columns.css";

const ColumnMenu = lazy(() => import("./ColumnMenu"));

interface Props<Row> {
  id: string;
  columns: Column<Row>[];
  sort: string | undefined;
  whole: boolean;
  setSort: (sort: string | undefined) => void;
  all?: { on: boolean; toggle: () => void };
}

export function TableHead<Row>({ id, columns, sort, whole, setSort, all }: Props<Row>) {
  const { t } = useTranslation();
  const { widths, pinned } = useColumns(id);
  return (
    <thead>
      <tr>
        {all && (
          <th className="check">
            <input type="checkbox" aria-label={t("bulk.all")} checked={all.on} onChange={all.toggle} />
          </th>
        )}
        {columns.map((column, n) => {
          const name = column.sort ?? column.id;
          const can = column.sort !== undefined || (whole && column.value !== undefined);
          const now = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
          const next = now === "ascending" ? `-${name}` : now === "descending" ? undefined : name;
          return (
            <th
              key={column.id}
              className={classOf(column.end, n, pinned)}
              style={styleOf({ width: widths[column.id], pin: n < pinned ? n : undefined })}
              aria-sort={can ? (now ?? "none") : undefined}
            >
              {can ? (
                <button type="button" className="sort" onClick={() => setSort(next)}>
                  {column.title}
                  {now === "ascending" ? (
                    <IconUp aria-hidden />
                  ) : now === "descending" ? (
                    <IconDown aria-hidden />
                  ) : null}
                </button>
              ) : (
                column.title
              )}
              {/* By the keys it is drawn in the menu of columns. */}
              <span className="grip" aria-hidden onPointerDown={(event) => draw(event, id, column.id)} />
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

export const classOf = (end: boolean | undefined, n: number, pinned: number): string | undefined =>
  [end && "end", n < pinned && "pin", n === pinned - 1 && "last"].filter(Boolean).join(" ") || undefined;

/** Which columns are shown, how near the lines stand, and reading again. */
export function TableTools<Row>(props: {
  id: string;
  columns: Column<Row>[];
  hidden: string[];
  again: () => void;
}) {
  const { t } = useTranslation();
  const { dense } = usePrefs();
  return (
    <div className="tools">
      <Button
        aria-label={t("table.again")}
        title={t("table.again")}
        icon={<IconReload aria-hidden />}
        onClick={props.again}
      />
      <Button
        aria-label={t("table.dense")}
        title={t("table.dense")}
        aria-pressed={dense}
        icon={<IconDensity aria-hidden />}
        onClick={() => setPrefs({ dense: !dense })}
      />
      <Menu label={t("table.columns")} icon={<IconSettings aria-hidden />} testid="columns">
        {() => (
          <Suspense fallback={null}>
            <ColumnMenu id={props.id} columns={props.columns} hidden={props.hidden} />
          </Suspense>
        )}
      </Menu>
    </div>
  );
}
