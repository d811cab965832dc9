import { useTranslation } from "react-i18next";
import { Input } from "@/ui";
import { holdSecret, useSecret } from "./secrets";

/** The secret of a test key, to sign with in this page. */
export function Secret({ id }: { id: string }) {
  const { t } = useTranslation();
  const secret = useSecret(id);
  return (
    <label className="field">
      <span>{t("dev.ref.secret")}</span>
      <Input
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="sk_test_…"
        data-testid="ref-secret"
        value={secret}
        onChange={(event) => holdSecret(id, event.target.value.trim())}
      />
    </label>
  );
}
