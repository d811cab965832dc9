import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { Button, DangerConfirm, Part, RevealCode, type Shown, Small, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

/** Whom to ask at a company. Numbers are masked; what is written here is kept in no draft. */
export function Contacts({ organisation }: { organisation: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const choices = useChoices();
  const [asked, setAsked] = useState<Of<"ContactOut">>();
  const params = { path: { organisation_id: organisation } };
  const contacts = useQuery({
    queryKey: ["contacts", organisation],
    queryFn: () => got(api.GET("/console/v1/organisations/{organisation_id}/contacts", { params })),
  });
  const drop = useAct(
    (id: string) =>
      got(api.DELETE("/console/v1/contacts/{contact_id}", { params: { path: { contact_id: id } } })),
    "contacts",
  );
  return (
    <Part
      title={t("contact.title")}
      actions={
        may("partners.write") && (
          <FormButton
            name={`contact-${organisation}`}
            label={t("contact.new")}
            private
            touched={["contacts"]}
            fields={[
              { kind: "text", name: "name", label: t("f.name"), must: true, most: 100, half: true },
              {
                kind: "choice",
                name: "purpose",
                label: t("contact.purpose"),
                must: true,
                half: true,
                choices: choices("contact_purpose", ["general", "finance", "technical", "aftersale"]),
              },
              { kind: "text", name: "phone", label: t("contact.phone"), most: 40, half: true, none: null },
              { kind: "text", name: "email", label: t("f.email"), most: 254, half: true, none: null },
            ]}
            first={{ name: "", purpose: "general", phone: "", email: "" }}
            send={(sent) =>
              got(
                api.POST("/console/v1/organisations/{organisation_id}/contacts", {
                  params,
                  body: sent as unknown as Of<"ContactIn">,
                }),
              )
            }
          />
        )
      }
    >
      <Small
        of={contacts}
        rows={contacts.data ?? []}
        keyOf={(one) => one.id}
        none={t("contact.none")}
        columns={[
          [t("f.name"), (one) => one.name],
          [t("contact.purpose"), (one) => word("contact_purpose", one.purpose)],
          [t("contact.phone"), (one) => one.phone ?? "–"],
          [t("f.email"), (one) => (one.has_email ? t("yes") : t("no"))],
          [
            "",
            (one) =>
              may("partners.write") && (
                <span className="acts">
                  <Button
                    data-testid="see-contact"
                    aria-expanded={asked?.id === one.id}
                    onClick={() => setAsked(asked?.id === one.id ? undefined : one)}
                  >
                    {t("reveal.show")}
                  </Button>
                  <DangerConfirm
                    label={t("contact.drop")}
                    effect={t("contact.drop_text")}
                    type={one.name}
                    run={() => drop.mutateAsync(one.id)}
                  />
                </span>
              ),
          ],
        ]}
      />
      {asked && (
        <section aria-label={asked.name} data-testid="contact">
          <h3 className="line">{asked.name}</h3>
          <RevealCode key={asked.id} count={1} text show={(_, reason) => reveal(asked.id, reason)} />
        </section>
      )}
    </Part>
  );
}

async function reveal(contact_id: string, reason: string): Promise<Shown> {
  const { name, phone, email, ...found } = await got(
    api.POST("/console/v1/contacts/{contact_id}/reveal", {
      params: { path: { contact_id } },
      body: { reason },
    }),
  );
  return { ...found, secret: [name, phone, email].filter(Boolean).join("\n"), seq: 1, of: 1 };
}
