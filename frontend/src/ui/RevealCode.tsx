import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyCode";
import { FaultNote } from "./FaultNote";
import { Input, Whole } from "./fields";
import { IconHide, IconReveals } from "./icons";
import { Button } from "./kit";

/** A code as the server shows it to one person. */
export interface Shown {
  number?: string | null;
  secret: string;
  seq: number;
  of: number;
  remask_after_s: number;
  watermark: { viewer: string; at: string; mark: string };
}

/** `ABCD••••WXYZ`: enough to tell one from another, not enough to use it. */
export function masked(secret: string): string {
  return secret.length < 12 ? "••••••••" : `${secret.slice(0, 4)}••••${secret.slice(-4)}`;
}

/**
 * Codes one by one: hidden until somebody says why, under his mark while they are seen, and hidden again after half a
 * minute or when he looks elsewhere. The code is in this component's state and nowhere else.
 */
export function RevealCode({
  count,
  show,
  text,
}: {
  /** How many codes there may be. */
  count: number;
  show: (seq: number, reason: string) => Promise<Shown>;
  /** Words that may hold a code rather than a code: they are not called one, and none of them stays. */
  text?: boolean;
}) {
  const { t } = useTranslation();
  const [seq, setSeq] = useState<number | null>(1);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [shown, setShown] = useState<Shown>();
  const [left, setLeft] = useState(0);
  const [last, setLast] = useState("");
  useEffect(() => {
    if (!shown) return undefined;
    const hide = (): void => setShown(undefined);
    const away = (): void => {
      if (document.hidden) hide();
    };
    const ends = Date.now() + shown.remask_after_s * 1000;
    const tick = setInterval(() => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds <= 0) hide();
      else setLeft(seconds);
    }, 500);
    document.addEventListener("visibilitychange", away);
    return () => {
      clearInterval(tick);
      document.removeEventListener("visibilitychange", away);
    };
  }, [shown]);
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(undefined);
    try {
      const found = await show(seq ?? 1, reason.trim());
      setLeft(found.remask_after_s);
      setLast(text ? "" : masked(found.secret));
      setShown(found);
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  if (shown)
    return (
      <div className="reveal" data-testid="revealed">
        <div className="secret">
          {shown.number && (
            <p>
              <span className="muted">{t("reveal.number")}</span> <code>{shown.number}</code>
            </p>
          )}
          <p>
            {!text && <span className="muted">{t("reveal.secret")}</span>} <code>{shown.secret}</code>{" "}
            <CopyButton
              text={shown.secret}
              label={text ? t("copy") : t("reveal.copy")}
              told={text ? t("copied") : t("reveal.copied")}
            />
          </p>
          <Watermark of={shown.watermark} />
        </div>
        <div className="acts">
          <span className="muted" role="timer">
            {t("reveal.hides", { left })}
          </span>
          <Button icon={<IconHide aria-hidden />} onClick={() => setShown(undefined)}>
            {t("reveal.hide")}
          </Button>
        </div>
      </div>
    );
  return (
    <form className="reveal" onSubmit={(event) => void ask(event)}>
      <FaultNote error={fault} />
      <div className="acts">
        <code className="hidden-code">{last || "••••••••••••"}</code>
        {count > 1 && (
          <Whole
            value={seq}
            change={setSeq}
            min={1}
            max={count}
            required
            className="seq"
            aria-label={t("reveal.which", { count })}
            title={t("reveal.which", { count })}
          />
        )}
        <Input
          value={reason}
          required
          maxLength={200}
          data-testid="reveal-reason"
          aria-label={t("reveal.reason")}
          placeholder={t("reveal.reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button
          htmlType="submit"
          loading={busy}
          disabled={!reason.trim()}
          data-testid="reveal"
          icon={<IconReveals aria-hidden />}
        >
          {t("reveal.show")}
        </Button>
      </div>
    </form>
  );
}

/** Who looks, when, and the look's number: over everything, so that a photograph of the screen tells it too. */
function Watermark({ of }: { of: Shown["watermark"] }) {
  const line = `${of.viewer} ${new Date(of.at).toLocaleString()} ${of.mark}`;
  return (
    <svg className="watermark" aria-hidden data-testid="watermark">
      {[20, 48, 76, 104, 132, 160].map((y, row) => (
        <text key={y} x={row % 2 ? -120 : -20} y={y}>
          {`${line}   ${line}`}
        </text>
      ))}
    </svg>
  );
}
