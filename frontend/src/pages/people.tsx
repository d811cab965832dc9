import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoleName } from "@/api/roles";
import { useMay } from "@/api/session";
import { Go } from "@/parts/Go";
import { Invitations, Invite } from "@/parts/Invitations";
import { PersonDetail } from "@/parts/PersonDetail";
import { DataTable, PageTabs, Screen, StatusTag, Time, useListState } from "@/ui";

type Person = Of<"PersonOut">;

export default function People() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  return (
    <Screen title={t("nav.people")} text={t("people.text")} actions={may("people.write") && <Invite />}>
      <PageTabs
        label={t("nav.people")}
        tabs={[
          { id: "people", label: t("people.people") },
          { id: "invitations", label: t("people.invitations") },
        ]}
      />
      {search.tab === "invitations" ? <Invitations /> : <List />}
    </Screen>
  );
}

function List() {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return (
    <DataTable<Person>
      id="people"
      label={t("people.people")}
      rowKey={(p) => `${p.id}-${p.organisation_id}`}
      columns={[
        { id: "name", title: t("f.name"), cell: (p) => p.name, value: (p) => p.name },
        { id: "email", title: t("f.email"), cell: (p) => p.email, value: (p) => p.email },
        { id: "role", title: t("f.role"), cell: (p) => roleName(p.role), value: (p) => p.role },
        {
          id: "status",
          title: t("f.status"),
          cell: (p) => <StatusTag kind="company" code={p.status} />,
          value: (p) => p.status,
        },
        {
          id: "created_at",
          title: t("f.created_at"),
          cell: (p) => <Time at={p.created_at} />,
          value: (p) => p.created_at,
        },
      ]}
      load={({ cursor }) => got(api.GET("/console/v1/people", { params: { query: { cursor, size: 100 } } }))}
      detail={(_id, row) => row && <PersonDetail person={row} />}
      detailTitle={(row, id) => row?.name ?? id}
      empty={{
        title: t("people.empty"),
        text: t("people.empty_text"),
        action: (
          <Go
            needs="people.write"
            page="people"
            search={{ tab: "invitations" }}
            label={t("people.invitations")}
          />
        ),
      }}
    />
  );
}
