import { useTranslation } from "react-i18next";
import { prefs, setPrefs } from "@/app/prefs";
import { MOST_PINNED, NARROWEST, STEP, setPinned, setWidth, useColumns, WIDEST } from "./columns";
import { Select } from "./fields";
import { IconClose } from "./icons";

/** Which columns are shown, how wide, and how many stay; remembered for whoever chose it. */
export default function ColumnMenu(props: {
  id: string;
  columns: { id: string; title: string }[];
  hidden: string[];
}) {
  const { t } = useTranslation();
  const { id, columns, hidden } = props;
  const { widths, pinned } = useColumns(id);
  const toggle = (one: string): void => {
    const next = hidden.includes(one) ? hidden.filter((each) => each !== one) : [...hidden, one];
    if (next.length < columns.length) setPrefs({ hidden: { ...prefs().hidden, [id]: next } });
  };
  const counts = [...Array(MOST_PINNED).keys()].map((n) => n + 1);
  return (
    <div className="column-menu">
      {columns.map((column) => (
        <div key={column.id}>
          <label className="column">
            <input type="checkbox" checked={!hidden.includes(column.id)} onChange={() => toggle(column.id)} />{" "}
            {column.title}
          </label>
          {!hidden.includes(column.id) && column.title && (
            <span className="acts nowrap">
              <input
                type="range"
                data-testid={`width-${column.id}`}
                aria-label={t("table.width", { name: column.title })}
                title={t("table.width_hint")}
                min={NARROWEST}
                max={WIDEST}
                step={STEP}
                value={widths[column.id] ?? 160}
                aria-valuetext={widths[column.id] ? `${widths[column.id]} px` : t("table.width_auto")}
                onChange={(event) => setWidth(id, column.id, Number(event.target.value))}
                onKeyDown={(event) => {
                  if (event.key !== "Home") return;
                  event.preventDefault();
                  setWidth(id, column.id, undefined);
                }}
              />
              <button
                type="button"
                className="plain"
                disabled={widths[column.id] === undefined}
                aria-label={t("table.width_reset", { name: column.title })}
                onClick={() => setWidth(id, column.id, undefined)}
              >
                <IconClose aria-hidden />
              </button>
            </span>
          )}
        </div>
      ))}
      <label className="field">
        {t("table.pin")}
        <Select
          data-testid="pinned"
          value={pinned ? String(pinned) : ""}
          none={t("table.pin_none")}
          choices={counts.map((count) => ({
            value: String(count),
            label: t("table.pin_first", { count }),
          }))}
          change={(count) => setPinned(id, Number(count))}
        />
      </label>
    </div>
  );
}
