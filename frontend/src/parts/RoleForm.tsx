import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { FormButton, type Values } from "@/ui/form";

type Role = Of<"RoleOut">;

/** A role of the mall's own, made or changed: its two names and its rights, without those that one has not oneself. */
export function RoleForm({
  kind,
  all,
  role,
}: {
  kind: Role["organisation_kinds"][number];
  all: string[];
  role?: Role;
}) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  return (
    <FormButton
      name={role ? `role-${role.id}` : `role-${kind}`}
      label={role ? t("roles.edit") : t("roles.make")}
      intro={<p className="muted">{t("roles.form_text")}</p>}
      primary={!role}
      touched={["names"]}
      fields={[
        { kind: "text", name: "zh", label: t("f.name_zh"), must: true, most: 60, half: true },
        { kind: "text", name: "en", label: t("f.name_en"), must: true, most: 60, half: true },
        {
          kind: "many",
          name: "permissions",
          label: t("f.permissions"),
          must: true,
          choices: all.map((right) => ({
            value: right,
            label: word("permission", right),
            off: kind === "mall" && !may(right),
          })),
        },
        { kind: "long", name: "reason", label: t("reason.may"), most: 500, none: "" },
      ]}
      first={valuesOf(role)}
      version={role ? (role.version ?? 1) : undefined}
      fresh={
        role &&
        (async () => {
          const now = (await got(api.GET("/console/v1/roles"))).find((one) => one.id === role.id) ?? role;
          return { values: valuesOf(now), version: now.version ?? 1 };
        })
      }
      send={(sent, { version }) => {
        const body = { ...sent, kind, permissions: [...(sent.permissions as string[])].sort() };
        return role?.id
          ? got<unknown>(
              api.PUT("/console/v1/roles/{role_id}", {
                params: { path: { role_id: role.id } },
                body: { ...body, version } as unknown as Of<"OwnRoleEdit">,
              }),
            )
          : got<unknown>(api.POST("/console/v1/roles", { body: body as unknown as Of<"OwnRoleIn"> }));
      }}
    />
  );
}

function valuesOf(role?: Role): Values {
  return { zh: role?.zh ?? "", en: role?.en ?? "", permissions: role?.permissions ?? [], reason: "" };
}
