import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { Part } from "@/ui";
import { FormButton } from "@/ui/form";

const LEAST = 10; // as the server has it (tenancy/password.py)

/** One's own password: whoever else is signed in with the old one is signed out. */
export function NewPassword() {
  const { t } = useTranslation();
  const secret = { kind: "text", must: true, secret: true, most: 200 } as const;
  return (
    <Part title={t("security.password")}>
      <p className="muted">{t("security.password_text")}</p>
      <FormButton
        name="password"
        label={t("security.password_change")}
        private
        touched={["devices"]}
        codes={{ wrong_credentials: "old" }}
        fields={[
          { ...secret, name: "old", label: t("security.password_old"), complete: "current-password" },
          {
            ...secret,
            name: "new",
            label: t("security.password_new"),
            hint: t("security.password_least", { count: LEAST }),
          },
          {
            ...secret,
            name: "again",
            label: t("security.password_again"),
            check: (now) => (now.again !== now.new ? t("security.password_differ") : undefined),
          },
        ]}
        first={{ old: "", new: "", again: "" }}
        send={(sent) =>
          got(api.PUT("/console/v1/me/password", { body: { old: String(sent.old), new: String(sent.new) } }))
        }
      />
    </Part>
  );
}
