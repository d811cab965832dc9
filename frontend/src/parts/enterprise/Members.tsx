import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { AskButton, Input, Money, Part, Select, Small, useAct } from "@/ui";
import { amountOf, type Department } from "./departments";

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
  const [person, setPerson] = useState("");
  const [head, setHead] = useState("");
  const [order, setOrder] = useState("");
  const [month, setMonth] = useState("");
  const currency = one.available.currency;
  const people = useQuery({
    queryKey: ["people", "colleagues"],
    queryFn: () => got(api.GET("/console/v1/people", { params: { query: { size: 200 } } })),
  });
  const put = useAct(
    () =>
      got(
        api.PUT("/console/v1/own/departments/{department_id}/members/{person_id}", {
          params: { path: { department_id: one.id, person_id: person } },
          body: {
            head: head === "yes",
            order_limit: amountOf(order, currency),
            month_limit: amountOf(month, currency),
          },
        }),
      ),
    "departments",
  );
  return (
    <AskButton
      label={t("enterprise.add_member")}
      effect={t("enterprise.add_member_text")}
      testid="add-member"
      ready={person !== ""}
      run={() => put.mutateAsync(undefined)}
    >
      <label className="field">
        <span>{t("enterprise.colleague")}</span>
        <Select
          value={person}
          change={setPerson}
          none={t("enterprise.choose")}
          of={people}
          choices={(people.data?.items ?? []).map((p) => ({ value: p.id, label: `${p.name} ${p.email}` }))}
        />
      </label>
      <label className="field">
        <span>{t("f.role")}</span>
        <Select
          value={head}
          change={setHead}
          choices={[
            { value: "", label: t("enterprise.member") },
            { value: "yes", label: t("enterprise.head") },
          ]}
        />
      </label>
      <label className="field">
        <span>{t("enterprise.order_limit")}</span>
        <Input
          value={order}
          inputMode="decimal"
          placeholder={t("enterprise.as_department")}
          onChange={(e) => setOrder(e.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("enterprise.month_limit")}</span>
        <Input
          value={month}
          inputMode="decimal"
          placeholder={t("enterprise.as_department")}
          onChange={(e) => setMonth(e.target.value)}
        />
      </label>
    </AskButton>
  );
}
