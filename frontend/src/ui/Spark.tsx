const W = 160;
const H = 28;

/** Two small lines over the same hours; the older one is dashed. What they say is also in words beside them. */
export function Spark({ now, then, label }: { now: number[]; then: number[]; label: string }) {
  const most = Math.max(1, ...now, ...then);
  const line = (values: number[]) =>
    values
      .map(
        (v, n) =>
          `${((n * W) / (values.length - 1)).toFixed(1)},${(H - 1 - (v / most) * (H - 2)).toFixed(1)}`,
      )
      .join(" ");
  return (
    <svg className="spark" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={line(then)} className="then" />
      <polyline points={line(now)} />
    </svg>
  );
}
