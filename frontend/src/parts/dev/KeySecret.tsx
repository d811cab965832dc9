import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { sample, TRIES } from "@/parts/dev/sample";
import { Button, CopyCode, Descriptions } from "@/ui";

export function KeySecret({ id, secret, close }: { id: string; secret: string; close: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const supplier = useMay()("own.supply.write");
  const text = sample(location.origin, id, secret, supplier ? TRIES.supplier : TRIES.buyer);
  return (
    <div className="part" role="alert" data-testid="secret">
      {id.startsWith("ck_test_") && <p className="test-bar">{t("dev.test_key")}</p>}
      <header>
        <h2>{t("dev.secret")}</h2>
        <Button onClick={close}>{t("close")}</Button>
      </header>
      <p className="tag warn">{t("dev.secret_text")}</p>
      <Descriptions
        pairs={[
          [t("f.key"), <CopyCode key="k" text={id} />],
          [t("dev.secret"), <CopyCode key="s" text={secret} />],
        ]}
      />
      <h3>{t("dev.try")}</h3>
      <pre className="wrap note" data-testid="sample">
        {text}
      </pre>
      <Button
        data-testid="copy-sample"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? t("copied") : t("dev.copy_sample")}
      </Button>
    </div>
  );
}
