import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoleName, useRoles } from "@/api/roles";
import { useMay, useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import {
  AskButton,
  CopyCode,
  DangerConfirm,
  Descriptions,
  Part,
  ReasonForm,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { FormButton } from "@/ui/form";

type Person = Of<"PersonOut">;

export function PersonDetail({ person }: { person: Person }) {
  const { t } = useTranslation();
  const me = useMe();
  const word = useWord();
  const roleName = useRoleName();
  const said = useSaid();
  const may = useMay();
  const roles = useRoles();
  const path = { organisation_id: person.organisation_id, person_id: person.id };
  const status = useAct(
    (now: Person["status"]) =>
      got(
        api.PATCH("/console/v1/organisations/{organisation_id}/people/{person_id}", {
          params: { path },
          body: { status: now },
        }),
      ),
    "people",
  );
  const end = useAct(() =>
    got(
      api.POST("/console/v1/people/{person_id}/end-sessions", {
        params: { path: { person_id: person.id } },
      }),
    ),
  );
  const reset = useAct((reason: string) =>
    got(
      api.POST("/console/v1/people/{person_id}/reset-factors", {
        params: { path: { person_id: person.id } },
        body: { reason },
      }),
    ),
  );
  const permissions = roles.find((one) => one.name === person.role)?.permissions ?? [];
  const choices = roles.filter(
    (one) => one.organisation_kinds.includes(me.organisation.kind) || one.name === person.role,
  );
  return (
    <>
      {may("people.write") && person.id !== me.person.id && (
        <div className="acts gap">
          <FormButton
            name={`role-${person.id}`}
            label={t("people.role")}
            intro={<p className="muted">{t("people.role_text")}</p>}
            touched={["people"]}
            fields={[
              {
                kind: "choice",
                name: "role",
                label: t("f.role"),
                must: true,
                choices: choices.map((one) => ({ value: one.name, label: said(one) })),
              },
            ]}
            first={{ role: person.role }}
            send={({ role }) =>
              got(
                api.PUT("/console/v1/organisations/{organisation_id}/people/{person_id}/role", {
                  params: { path },
                  body: { role: String(role) },
                }),
              )
            }
          />
          {person.status === "active" ? (
            <DangerConfirm
              label={t("people.suspend")}
              effect={t("people.suspend_text")}
              type={person.email}
              testid="suspend"
              run={() => status.mutateAsync("suspended")}
            />
          ) : (
            <ReasonForm
              label={t("people.resume")}
              reason={undefined}
              run={() => status.mutateAsync("active")}
            />
          )}
          <AskButton
            label={t("security.end_all")}
            effect={t("security.end_all_text", { name: person.name })}
            testid="end-sessions"
            run={() => end.mutateAsync(undefined)}
          />
          <ReasonForm
            label={t("security.reset")}
            effect={t("security.reset_text", { name: person.name })}
            danger
            testid="reset-factors"
            run={(reason) => reset.mutateAsync(reason)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.email"), <CopyCode key="e" text={person.email} />],
          [t("f.role"), roleName(person.role)],
          [t("f.status"), <StatusTag key="s" kind="company" code={person.status} />],
          [t("f.created_at"), <Time key="c" at={person.created_at} />],
        ]}
      />
      <Part title={t("people.permissions")}>
        <p className="acts">
          {permissions.map((one) => (
            <span key={one} className="chip" title={one}>
              {word("permission", one)}
            </span>
          ))}
        </p>
      </Part>
    </>
  );
}
