import { useWord } from "@/i18n";
import { IconBad, IconBusy, IconGood, IconInfo, IconOff, IconPause, IconWait, IconWarn } from "./icons";

type Tone = "good" | "wait" | "busy" | "bad" | "warn" | "off" | "info";

const PICTURES = {
  good: IconGood,
  wait: IconWait,
  busy: IconBusy,
  bad: IconBad,
  warn: IconWarn,
  off: IconOff,
  info: IconInfo,
} as const;

const TONES: Record<Tone, string> = {
  good: "delivered succeeded done listed active accepted on open_account sealed granted matched resolved closed_day approved allow A",
  wait: "waiting scheduled queued submitted receiving proposed draft new",
  busy: "working running calling processing going buying sending",
  bad: "failed refused dead blocked refuse X missing recalled",
  warn: "review partial partially_delivered unknown paused expired stale open suspended C D surplus frozen quarantined locked",
  off: "cancelled reversed delisted deleted withdrawn closed off revoked disabled shredded lapsed",
  info: "B",
};
const BY_CODE = new Map(
  Object.entries(TONES).flatMap(([tone, codes]) =>
    codes.split(" ").map((code) => [code, tone as Tone] as const),
  ),
);

/** A state as picture and word: never by colour alone. `kind` says whose state it is, `tone` where a word means another. */
export function StatusTag({
  kind,
  code,
  tone,
}: {
  kind: string;
  code: string | null | undefined;
  tone?: Tone;
}) {
  const word = useWord();
  if (!code) return <span className="muted">–</span>;
  const shown = tone ?? BY_CODE.get(code) ?? "info";
  const Picture = code === "paused" ? IconPause : PICTURES[shown];
  return (
    <span className={`tag ${shown}`} data-status={code}>
      <Picture aria-hidden />
      {word(kind, code)}
    </span>
  );
}
