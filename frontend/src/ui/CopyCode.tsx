import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconCopy, IconDone } from "./icons";

/** A number that people paste elsewhere. `short`: its end alone is shown. */
export function CopyCode({ text, short }: { text: string; short?: boolean }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1200);
  };
  return (
    <span className="copy">
      <code>{short && text.length > 10 ? `…${text.slice(-8)}` : text}</code>
      <button
        type="button"
        className="plain"
        aria-label={done ? t("copied") : t("copy", { text })}
        onClick={(event) => {
          event.stopPropagation();
          void copy();
        }}
      >
        {done ? <IconDone aria-hidden /> : <IconCopy aria-hidden />}
      </button>
    </span>
  );
}
