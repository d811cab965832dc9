import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { News } from "@/ui/News";

/** Calls that came meanwhile. */
export function NewCalls({ again }: { again: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  const begun = useRef(false);
  // What came between the first reading and the beginning of the stream.
  useLive("hello", () => {
    if (!begun.current) again();
    begun.current = true;
  });
  useLive("calls", (told) => setCount((now) => now + told.new));
  if (!count) return null;
  return (
    <News
      testid="new-calls"
      text={t("news.calls", { count })}
      show={() => {
        setCount(0);
        again();
      }}
    />
  );
}
