import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useRoleName, useRoles } from "@/api/roles";
import { useMay, useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { AskButton, CopyCode, DataTable, Modal, StatusTag, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

type Invitation = Of<"InvitationOut">;

/** Ask somebody to join; the link is shown once. */
export function Invite() {
  const { t } = useTranslation();
  const me = useMe();
  const said = useSaid();
  const roles = useRoles();
  const [link, setLink] = useState("");
  const choices = roles.filter((one) => one.organisation_kinds.includes(me.organisation.kind));
  return (
    <>
      <FormButton<Of<"InvitationOut">>
        name="invite"
        label={t("people.invite")}
        intro={<p className="muted">{t("people.invite_text")}</p>}
        primary
        private
        touched={["invitations"]}
        codes={{ email_taken: "email", already_member: "email" }}
        fields={[
          { kind: "text", name: "email", label: t("f.email"), must: true, most: 320 },
          {
            kind: "choice",
            name: "role",
            label: t("f.role"),
            must: true,
            choices: choices.map((one) => ({ value: one.name, label: said(one) })),
          },
        ]}
        first={{ email: "", role: "" }}
        send={(sent) =>
          got(
            api.POST("/console/v1/invitations", {
              body: {
                organisation_id: me.organisation.id,
                email: String(sent.email),
                role: String(sent.role),
              },
            }),
          )
        }
        done={(made) => setLink(`${location.origin}/console/join#${made.token}`)}
      />
      <Modal
        open={link !== ""}
        title={t("people.link")}
        footer={null}
        onCancel={() => setLink("")}
        destroyOnHidden
      >
        <p>{t("people.link_text")}</p>
        <p className="wrap" data-testid="invite-link">
          <CopyCode text={link} />
        </p>
      </Modal>
    </>
  );
}

export function Invitations() {
  const { t } = useTranslation();
  const may = useMay();
  const roleName = useRoleName();
  const revoke = useAct(
    (id: string) =>
      got(api.DELETE("/console/v1/invitations/{invitation_id}", { params: { path: { invitation_id: id } } })),
    "invitations",
  );
  return (
    <DataTable<Invitation>
      id="invitations"
      label={t("people.invitations")}
      rowKey={(one) => one.id}
      columns={[
        { id: "email", title: t("f.email"), cell: (one) => one.email, value: (one) => one.email },
        { id: "role", title: t("f.role"), cell: (one) => roleName(one.role) },
        {
          id: "status",
          title: t("f.status"),
          cell: (one) => <StatusTag kind="invitation_status" code={one.status} tone={TONES[one.status]} />,
        },
        { id: "created", title: t("f.created_at"), cell: (one) => <Time at={one.created_at} near /> },
        { id: "expires", title: t("f.expires_at"), cell: (one) => <Time at={one.expires_at} /> },
        {
          id: "act",
          title: t("people.act"),
          cell: (one) =>
            one.status === "open" && (may("people.write") || may("own.people.write")) ? (
              <AskButton
                label={t("people.revoke")}
                effect={t("people.revoke_text")}
                run={() => revoke.mutateAsync(one.id)}
              />
            ) : (
              "–"
            ),
        },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/invitations", { params: { query: { cursor, size: 50 } } }))
      }
      empty={{ title: t("people.no_invitations"), text: t("people.no_invitations_text") }}
    />
  );
}

const TONES = { open: "wait", used: "good", revoked: "off", expired: "off" } as const;
