import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { AskButton, Input, useAct } from "@/ui";

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
  const [zh, setZh] = useState(role?.zh ?? "");
  const [en, setEn] = useState(role?.en ?? "");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions));
  const toggle = (right: string): void => {
    const next = new Set(chosen);
    if (!next.delete(right)) next.add(right);
    setChosen(next);
  };
  const save = useAct(async (reason: string) => {
    const draft = { kind, zh: zh.trim(), en: en.trim(), permissions: [...chosen].sort(), reason };
    const asked = role?.id
      ? api.PUT("/console/v1/roles/{role_id}", {
          params: { path: { role_id: role.id } },
          body: { ...draft, version: role.version ?? 1 },
        })
      : api.POST("/console/v1/roles", { body: draft });
    const made = await got<unknown>(asked);
    if (!role) {
      setZh("");
      setEn("");
      setChosen(new Set());
    }
    return made;
  }, "names");
  return (
    <AskButton
      label={role ? t("roles.edit") : t("roles.make")}
      effect={t("roles.form_text")}
      primary={!role}
      reason="may"
      ready={zh.trim() !== "" && en.trim() !== "" && chosen.size > 0}
      testid={role ? "edit-role" : "make-role"}
      run={(reason) => save.mutateAsync(reason)}
    >
      <label className="field">
        <span>{t("f.name_zh")}</span>
        <Input
          value={zh}
          maxLength={60}
          data-testid="role-zh"
          onChange={(event) => setZh(event.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("f.name_en")}</span>
        <Input
          value={en}
          maxLength={60}
          data-testid="role-en"
          onChange={(event) => setEn(event.target.value)}
        />
      </label>
      <fieldset className="rights">
        <legend>{t("f.permissions")}</legend>
        {all.map((right) => (
          <label key={right} title={right}>
            <input
              type="checkbox"
              checked={chosen.has(right)}
              disabled={kind === "mall" && !may(right)}
              onChange={() => toggle(right)}
            />{" "}
            {word("permission", right)}
          </label>
        ))}
      </fieldset>
    </AskButton>
  );
}
