import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { BUYERS, useShowOnce } from "@/parts/customers/Keys";
import { FormButton } from "@/ui/form";

/** A program's key whose orders are charged to one department. Its secret is shown once; it is revoked among the keys of "Developer". */
export function DepartmentKey({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const once = useShowOnce();
  if (!may("own.keys.write")) return null;
  return (
    <FormButton<Of<"DepartmentKeyOut">>
      name={`department-key-${id}`}
      label={t("key.issue")}
      touched={["own-keys"]}
      intro={<p className="muted">{t("told.department_key")}</p>}
      fields={[
        { kind: "text", name: "name", label: t("f.name"), must: true, most: 80, hint: t("key.name_hint") },
        {
          kind: "many",
          name: "scopes",
          label: t("key.scopes"),
          must: true,
          choices: BUYERS.map((value) => ({ value, label: word("scope", value.replace(":", "_")) })),
        },
        {
          kind: "list",
          name: "ip_allow",
          label: t("key.ip"),
          hint: t("key.ip_hint"),
          example: "203.0.113.7",
        },
        { kind: "moment", name: "expires_at", label: t("f.expires_at"), hint: t("key.expires_hint") },
      ]}
      first={{ name: "", scopes: BUYERS.slice(0, 5), ip_allow: "", expires_at: "" }}
      send={(sent) =>
        got(
          api.POST("/console/v1/own/departments/{department_id}/keys", {
            params: { path: { department_id: id } },
            body: sent as unknown as Of<"DepartmentKeyIn">,
          }),
        )
      }
      done={once}
    />
  );
}
