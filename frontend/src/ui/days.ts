/** Stretches of days by name, of the mall's own calendar. In an address they stay names: a view of today is one tomorrow, too. */
export const PAST = ["today", "yesterday", "7d", "month", "last_month"] as const;
export const AHEAD = ["overdue", "today", "next_7d", "next_30d"] as const;
export type Period = (typeof PAST)[number] | (typeof AHEAD)[number];

export const shift = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

const FIRST = "1970-01-01";

const OF: Record<Period, (today: string) => [string, string]> = {
  today: (day) => [day, day],
  yesterday: (day) => [shift(day, -1), shift(day, -1)],
  "7d": (day) => [shift(day, -6), day],
  month: (day) => [`${day.slice(0, 7)}-01`, day],
  last_month: (day) => {
    const last = shift(`${day.slice(0, 7)}-01`, -1);
    return [`${last.slice(0, 7)}-01`, last];
  },
  overdue: (day) => [FIRST, shift(day, -1)],
  next_7d: (day) => [day, shift(day, 6)],
  next_30d: (day) => [day, shift(day, 29)],
};

export const isPeriod = (text: string | undefined): text is Period => text !== undefined && text in OF;

/** Its first and its last day, both within. */
export const periodOf = (name: Period, today: string): [string, string] => OF[name](today);

/** The day that an address means, which says it or a stretch that begins or ends with it. */
export const dayIn = (text: string, today: string, last: boolean): string =>
  isPeriod(text) ? OF[text](today)[last ? 1 : 0] : text;
