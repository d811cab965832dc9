import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, Money, Part, Small, useAct } from "@/ui";
import { type Field, FormButton } from "@/ui/form";
import type { Department } from "./departments";

/** Who belongs to a department, who heads it, and what each buys alone where that is not the department's rule. */
export function Members({ one }: { one: Department }) {
  const { t } = useTranslation();
  const may = useMay();
  const drop = useAct(
    (person: string) =>
      got(
        api.DELETE("/console/v1/own/departments/{department_id}/members/{person_id}", {
          params: { path: { department_id: one.id, person_id: person } },
        }),
      ),
    "departments",
  );
  const manages = may("own.departments.write") && one.status === "open";
  return (
    <Part
      title={t("enterprise.members")}
      actions={manages && may("own.people.write") && <AddMember one={one} />}
    >
      <Small
        rows={one.members}
        keyOf={(m) => m.person_id}
        none={t("enterprise.no_members")}
        columns={[
          [t("f.name"), (m) => m.name],
          [t("f.role"), (m) => (m.head ? t("enterprise.head") : t("enterprise.member"))],
          [
            t("enterprise.order_limit"),
            (m) => (m.order_limit ? <Money value={m.order_limit} /> : t("enterprise.as_department")),
            "end",
          ],
          [
            t("enterprise.month_limit"),
            (m) => (m.month_limit ? <Money value={m.month_limit} /> : t("enterprise.as_department")),
            "end",
          ],
          [
            "",
            (m) =>
              manages && (
                <AskButton
                  label={t("enterprise.drop")}
                  effect={t("enterprise.drop_text", { name: m.name })}
                  run={() => drop.mutateAsync(m.person_id)}
                />
              ),
          ],
        ]}
      />
    </Part>
  );
}

function AddMember({ one }: { one: Department }) {
  const { t } = useTranslation();
  const currency = one.available.currency;
  const people = useQuery({
    queryKey: ["people", "colleagues"],
    queryFn: () => got(api.GET("/console/v1/people", { params: { query: { size: 200 } } })),
  });
  const limit = (name: "order_limit" | "month_limit"): Field => ({
    kind: "money",
    name,
    label: t(`enterprise.${name}`),
    currency,
    none: null,
    half: true,
    hint: t("enterprise.as_department"),
  });
  return (
    <FormButton
      name={`member-${one.id}`}
      label={t("enterprise.add_member")}
      intro={<p className="muted">{t("enterprise.add_member_text")}</p>}
      touched={["departments"]}
      fields={[
        {
          kind: "choice",
          name: "person_id",
          label: t("enterprise.colleague"),
          must: true,
          of: people,
          choices: (people.data?.items ?? []).map((p) => ({ value: p.id, label: `${p.name} ${p.email}` })),
        },
        { kind: "yes", name: "head", label: t("enterprise.head") },
        limit("order_limit"),
        limit("month_limit"),
      ]}
      first={{ person_id: "", head: false, order_limit: "", month_limit: "" }}
      send={({ person_id, ...sent }) =>
        got(
          api.PUT("/console/v1/own/departments/{department_id}/members/{person_id}", {
            params: { path: { department_id: one.id, person_id: String(person_id) } },
            body: sent as unknown as Of<"MemberIn">,
          }),
        )
      }
    />
  );
}
