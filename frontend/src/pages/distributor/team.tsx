import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import {
  AskButton,
  DangerConfirm,
  DataTable,
  Descriptions,
  ReasonForm,
  Screen,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { FormButton } from "@/ui/form";

type Person = Of<"PersonOut">;

/** Colleagues of one's own company. */
export default function Team() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Screen title={t("nav.team")} text={t("own.team.text")} actions={<Add />}>
      <DataTable<Person>
        id="own-people"
        label={t("nav.team")}
        rowKey={(p) => p.id}
        columns={[
          { id: "name", title: t("f.name"), cell: (p) => p.name, value: (p) => p.name },
          { id: "email", title: t("f.email"), cell: (p) => p.email, value: (p) => p.email },
          { id: "role", title: t("f.role"), cell: (p) => word("role", p.role), value: (p) => p.role },
          {
            id: "status",
            title: t("f.status"),
            cell: (p) => <StatusTag kind="company" code={p.status} />,
            value: (p) => p.status,
          },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/own/people", { params: { query: { cursor, size: 100 } } }))
        }
        detail={(_, row) => row && <Detail person={row} />}
        detailTitle={(row, id) => row?.name ?? id}
        empty={{ title: t("own.team.empty"), text: t("own.team.empty_text") }}
      />
    </Screen>
  );
}

function useRoles(): { value: string; label: string }[] {
  const said = useSaid();
  const kind = useMe().organisation.kind;
  const { data } = useQuery({
    queryKey: ["names", "roles"],
    queryFn: () => got(api.GET("/console/v1/roles")),
  });
  return (data ?? [])
    .filter((one) => one.organisation_kinds.includes(kind))
    .map((one) => ({ value: one.name, label: said(one) }));
}

function Add() {
  const { t } = useTranslation();
  const roles = useRoles();
  const supplier = useMe().organisation.kind === "supplier";
  const role = supplier ? "supplier" : "distributor";
  return (
    <FormButton
      name="colleague"
      label={t("own.team.add")}
      primary
      private
      touched={["own-people"]}
      codes={{ email_taken: "email", weak_password: "password" }}
      fields={[
        { kind: "text", name: "name", label: t("f.name"), must: true, most: 200 },
        { kind: "text", name: "email", label: t("f.email"), must: true, most: 320 },
        {
          kind: "text",
          name: "password",
          label: t("login.password"),
          must: true,
          secret: true,
          hint: t("own.team.password"),
        },
        { kind: "choice", name: "role", label: t("f.role"), must: true, choices: roles },
      ]}
      first={{ name: "", email: "", password: "", role }}
      send={(sent) => got(api.POST("/console/v1/own/people", { body: sent as unknown as Of<"OwnPersonIn"> }))}
    />
  );
}

function Detail({ person }: { person: Person }) {
  const { t } = useTranslation();
  const me = useMe();
  const word = useWord();
  const path = { person_id: person.id };
  const status = useAct(
    (now: Person["status"]) =>
      got(api.PATCH("/console/v1/own/people/{person_id}", { params: { path }, body: { status: now } })),
    "own-people",
  );
  const leave = useAct(
    () => got(api.PUT("/console/v1/own/people/{person_id}/role", { params: { path }, body: { role: null } })),
    "own-people",
  );
  return (
    <>
      {person.id !== me.person.id && (
        <div className="acts">
          {person.status === "active" ? (
            <AskButton
              danger
              label={t("people.suspend")}
              effect={t("people.suspend_text")}
              run={() => status.mutateAsync("suspended")}
            />
          ) : (
            <ReasonForm
              label={t("people.resume")}
              reason={undefined}
              run={() => status.mutateAsync("active")}
            />
          )}
          <DangerConfirm
            label={t("own.team.remove")}
            effect={t("own.team.remove_text")}
            type={person.email}
            run={() => leave.mutateAsync(undefined)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.email"), person.email],
          [t("f.role"), word("role", person.role)],
          [t("f.status"), <StatusTag key="s" kind="company" code={person.status} />],
          [t("f.created_at"), <Time key="c" at={person.created_at} />],
        ]}
      />
    </>
  );
}
