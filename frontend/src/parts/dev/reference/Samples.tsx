import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui";
import { canSign, own, signedCurl } from "./sign";
import type { Mine, Operation } from "./types";

/** The call in every language, with the reader's key and secret in it; and as one curl that is signed here and needs no secret. */
export function Samples({ operation, mine }: { operation: Operation; mine: Mine }) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState("curl");
  const [once, setOnce] = useState("");
  const [copied, setCopied] = useState("");
  const text = own(operation.samples.find((one) => one.language === language)?.text ?? "", operation, mine);
  const copy = (what: string): void =>
    void navigator.clipboard.writeText(what).then(() => {
      setCopied(what);
    });
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t("dev.ref.languages")}>
        {operation.samples.map((one) => (
          <button
            key={one.language}
            type="button"
            role="tab"
            aria-selected={one.language === language}
            data-testid={`lang-${one.language}`}
            onClick={() => setLanguage(one.language)}
          >
            {one.language}
          </button>
        ))}
      </div>
      {!mine.secret && <p className="muted">{t("dev.ref.no_secret")}</p>}
      <pre className="wrap note" tabIndex={0} data-testid="op-sample">
        {text}
      </pre>
      <p className="acts gap">
        <Button data-testid="copy-op" onClick={() => copy(text)}>
          {copied === text ? t("copied") : t("dev.copy_sample")}
        </Button>
        {operation.signed && mine.secret && canSign() && (
          <Button
            data-testid="sign-now"
            onClick={() =>
              void signedCurl(operation, mine).then((line) => {
                setOnce(line);
                copy(line);
              })
            }
          >
            {once && copied === once ? t("copied") : t("dev.ref.sign_now")}
          </Button>
        )}
      </p>
      {once && (
        <>
          <p className="muted">{t("dev.ref.signed_text", { count: operation.recipe.window_s / 60 })}</p>
          <pre className="wrap note" tabIndex={0} data-testid="signed-curl">
            {once}
          </pre>
        </>
      )}
    </>
  );
}
