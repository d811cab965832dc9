import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui";

/** Shown once; gone when he says that he has them. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(codes.join("\n"));
    setCopied(true);
  };
  return (
    <section className="part" aria-label={t("security.recovery")} data-testid="recovery-codes">
      <h2>{t("security.keep_codes")}</h2>
      <p>{t("security.keep_codes_text")}</p>
      <ol className="recovery">
        {codes.map((one) => (
          <li key={one}>
            <code>{one}</code>
          </li>
        ))}
      </ol>
      <div className="acts">
        <Button onClick={() => void copy()}>{copied ? t("copied") : t("security.copy_all")}</Button>
        <Button type="primary" data-testid="codes-kept" onClick={done}>
          {t("security.kept")}
        </Button>
      </div>
    </section>
  );
}
