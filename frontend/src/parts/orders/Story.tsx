import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Moment, Part, Timeline } from "@/ui";

/** Of a long story the end is what one looks for. */
const LATEST = 4;

/** What happened to an order, oldest first; the beginning of a long story when it is asked for. */
export function Story({ moments, note }: { moments: Moment[]; note?: ReactNode }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const long = moments.length > LATEST + 1;
  const sorted = [...moments].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <div className="story">
      <Part title={t("orders.timeline")}>
        {note}
        <Timeline moments={long && !whole ? sorted.slice(-LATEST) : sorted} />
        {long && (
          <button
            type="button"
            className="link"
            aria-expanded={whole}
            data-testid="whole-story"
            onClick={() => setWhole(!whole)}
          >
            {whole ? t("order.short") : t("order.whole", { count: moments.length })}
          </button>
        )}
      </Part>
    </div>
  );
}
