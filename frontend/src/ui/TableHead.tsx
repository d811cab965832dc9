import { useTranslation } from "react-i18next";
import { prefs, setPrefs, usePrefs } from "@/app/prefs";
import type { Column } from "./DataTable";
import { IconDensity, IconDown, IconReload, IconSettings, IconUp } from "./icons";
import { Button } from "./kit";
import { Menu } from "./Menu";

interface Props<Row> {
  columns: Column<Row>[];
  sort: string | undefined;
  whole: boolean;
  setSort: (sort: string | undefined) => void;
  all?: { on: boolean; toggle: () => void };
}

export function TableHead<Row>({ columns, sort, whole, setSort, all }: Props<Row>) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {all && (
          <th className="check">
            <input type="checkbox" aria-label={t("bulk.all")} checked={all.on} onChange={all.toggle} />
          </th>
        )}
        {columns.map((column) => {
          const name = column.sort ?? column.id;
          const can = column.sort !== undefined || (whole && column.value !== undefined);
          const now = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
          const next = now === "ascending" ? `-${name}` : now === "descending" ? undefined : name;
          return (
            <th
              key={column.id}
              className={column.end ? "end" : undefined}
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
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Which columns are shown, how near the lines stand, and reading again. */
export function TableTools<Row>(props: {
  id: string;
  columns: Column<Row>[];
  hidden: string[];
  again: () => void;
}) {
  const { t } = useTranslation();
  const { dense } = usePrefs();
  const { columns, hidden } = props;
  const toggle = (id: string): void => {
    const next = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
    if (next.length < columns.length) setPrefs({ hidden: { ...prefs().hidden, [props.id]: next } });
  };
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
        {() =>
          columns.map((column) => (
            <label key={column.id} className="column">
              <input
                type="checkbox"
                checked={!hidden.includes(column.id)}
                onChange={() => toggle(column.id)}
              />{" "}
              {column.title}
            </label>
          ))
        }
      </Menu>
    </div>
  );
}
