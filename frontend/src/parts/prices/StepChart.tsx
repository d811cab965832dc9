import { moneyText, Time } from "@/ui";
import type { Step } from "./course";
import "./chart.css";

const W = 640;
const H = 140;

interface Props {
  steps: Step[];
  currency: string;
  /** What a piece costs the mall today: a dashed line. */
  cost?: number;
  label: string;
  now?: number;
}

/** A price over time, as stairs. Everything in it stands in the table beside it too. */
export function StepChart({ steps, currency, cost, label, now = Date.now() }: Props) {
  const prices = steps.flatMap((step) => (step.price === null ? [] : [step.price]));
  const first = steps[0];
  if (!first || !prices.length) return null;
  const all = cost === undefined ? prices : [...prices, cost];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || high) * 0.1;
  const end = Math.max(now, steps.at(-1)?.at ?? now);
  const span = end - first.at || 1;
  const x = (at: number): string => (((at - first.at) / span) * W).toFixed(1);
  const y = (price: number): string =>
    (H - ((price - low + room) / (high - low + 2 * room || 1)) * H).toFixed(1);
  const path = steps
    .map((step, n) => {
      if (step.price === null) return "";
      const begun = n > 0 && steps[n - 1]?.price !== null ? "L" : "M";
      return `${begun}${x(step.at)} ${y(step.price)}H${x(steps[n + 1]?.at ?? end)}`;
    })
    .join("");
  const text = (amount: number): string => moneyText({ amount: amount.toFixed(4), currency }, true);
  return (
    <figure className="course">
      <span className="muted high">{text(high)}</span>
      <span className="muted low">{text(low)}</span>
      <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {cost !== undefined && <path className="cost" d={`M0 ${y(cost)}H${W}`} />}
        {end > now && <path className="now" d={`M${x(now)} 0V${H}`} />}
        <path d={path} />
      </svg>
      <span className="muted from">
        <Time at={new Date(first.at).toISOString()} day />
      </span>
      <span className="muted to">
        <Time at={new Date(end).toISOString()} day />
      </span>
    </figure>
  );
}
