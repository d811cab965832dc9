import { type CSSProperties, type PointerEvent, type RefObject, useLayoutEffect } from "react";
import { prefs, setPrefs, usePrefs } from "@/app/prefs";

export const NARROWEST = 60;
export const WIDEST = 800;
export const STEP = 20;
/** As many columns as can stay where they are. */
export const MOST_PINNED = 3;

/** How the columns of a list stand for this person: how wide those are that he has drawn, and how many stay. */
export function useColumns(list: string) {
  const { widths, pinned } = usePrefs();
  return { widths: widths[list] ?? {}, pinned: pinned[list] ?? 0 };
}

/** Undefined: as wide as what stands in it. */
export function setWidth(list: string, column: string, width: number | undefined): void {
  const { [column]: _, ...rest } = prefs().widths[list] ?? {};
  const kept = width === undefined ? rest : { ...rest, [column]: fit(width) };
  setPrefs({ widths: { ...prefs().widths, [list]: kept } });
}

export const setPinned = (list: string, count: number): void =>
  setPrefs({ pinned: { ...prefs().pinned, [list]: count } });

const fit = (width: number): number => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

export interface Stand {
  width: number | undefined;
  /** Its place among those that stay. */
  pin: number | undefined;
}

/** Of a cell. Where one that stays begins is measured, see `usePins`. */
export function styleOf({ width, pin }: Stand): CSSProperties | undefined {
  if (width === undefined && pin === undefined) return undefined;
  return {
    ...(width !== undefined && { width, minWidth: width, maxWidth: width }),
    ...(pin !== undefined && { left: `var(--pin-${pin}, 0)` }),
  };
}

/** Tells the table where each column that stays begins: behind those before it. */
export function usePins(table: RefObject<HTMLTableElement | null>, pinned: number, checks: boolean): void {
  useLayoutEffect(() => {
    const head = table.current?.tHead?.rows[0];
    if (!head || !pinned) return;
    const measure = (): void => {
      let left = 0;
      const cells = [...head.cells];
      for (let n = 0; n < pinned + (checks ? 1 : 0); n++) {
        const pin = checks ? n - 1 : n;
        if (pin >= 0) table.current?.style.setProperty(`--pin-${pin}`, `${left}px`);
        left += cells[n]?.getBoundingClientRect().width ?? 0;
      }
    };
    measure();
    const seen = new ResizeObserver(measure);
    for (const cell of head.cells) seen.observe(cell);
    return () => seen.disconnect();
  });
}

/** Draws the edge of a column; it is kept when it is let go. */
export function draw(event: PointerEvent<HTMLElement>, list: string, column: string): void {
  const cell = event.currentTarget.closest("th");
  if (!cell) return;
  event.preventDefault();
  const grip = event.currentTarget;
  const [from, was] = [event.clientX, cell.getBoundingClientRect().width];
  const at = (now: globalThis.PointerEvent): number => fit(was + now.clientX - from);
  const moved = (now: globalThis.PointerEvent): void => {
    cell.style.minWidth = cell.style.width = cell.style.maxWidth = `${at(now)}px`;
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", moved);
  grip.addEventListener(
    "pointerup",
    (now: globalThis.PointerEvent) => {
      grip.removeEventListener("pointermove", moved);
      if (now.clientX !== from) setWidth(list, column, at(now));
    },
    { once: true },
  );
}
