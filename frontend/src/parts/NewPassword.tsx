import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { AskButton, Input, Part, useAct } from "@/ui";

const NONE = { old: "", new: "", again: "" };
const LEAST = 10; // as the server has it (tenancy/password.py)

/** One's own password: whoever else is signed in with the old one is signed out. */
export function NewPassword() {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(NONE);
  const change = useAct(
    () => got(api.PUT("/console/v1/me/password", { body: { old: draft.old, new: draft.new } })),
    "devices",
  );
  const field = (name: keyof typeof NONE, label: string, complete: string) => (
    <label className="field">
      <span>{label}</span>
      <Input
        type="password"
        name={`password-${name}`}
        autoComplete={complete}
        maxLength={200}
        value={draft[name]}
        onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
      />
    </label>
  );
  const differ = draft.again !== "" && draft.new !== draft.again;
  return (
    <Part title={t("security.password")}>
      <p className="muted">{t("security.password_text")}</p>
      <AskButton
        label={t("security.password_change")}
        testid="change-password"
        ready={draft.old !== "" && draft.new.length >= LEAST && draft.new === draft.again}
        run={() => change.mutateAsync(undefined).then(() => setDraft(NONE))}
      >
        {field("old", t("security.password_old"), "current-password")}
        {field("new", t("security.password_new"), "new-password")}
        <small className="muted">{t("security.password_least", { count: LEAST })}</small>
        {field("again", t("security.password_again"), "new-password")}
        {differ && (
          <p className="fault" role="alert">
            {t("security.password_differ")}
          </p>
        )}
      </AskButton>
    </Part>
  );
}
