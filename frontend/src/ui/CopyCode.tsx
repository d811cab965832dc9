import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconCopy, IconDone } from "./icons";
import { App } from "./kit";

/** A number that people paste elsewhere. `short`: its end alone is shown. */
export function CopyCode({ text, short }: { text: string; short?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="copy">
      <code>{short && text.length > 10 ? `…${text.slice(-8)}` : text}</code>
      <CopyButton text={text} label={t("copy", { text })} />
    </span>
  );
}

/** `told`: what a toast says beside the mark; never what was copied. */
export function CopyButton({ text, label, told }: { text: string; label: string; told?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    if (told) message.success(told);
    setDone(true);
    setTimeout(() => setDone(false), 1200);
  };
  return (
    <button
      type="button"
      className="plain"
      aria-label={done ? t("copied") : label}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    >
      {done ? <IconDone aria-hidden /> : <IconCopy aria-hidden />}
    </button>
  );
}
