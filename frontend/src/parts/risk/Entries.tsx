import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, Descriptions, ReasonForm, StatusTag, Time, useAct, useListState } from "@/ui";
import { FormButton } from "@/ui/form";
import { type Entry, LISTS, SUBJECTS } from "./of";

const TONES = { deny: "bad", watch: "warn", allow: "good" } as const;

/** Who is refused, watched or trusted, whatever he orders. */
export function Entries() {
  const { t } = useTranslation();
  const may = useMay();
  const word = useWord();
  const buyer = useBuyerName();
  const value = (one: Entry): string => (one.subject === "buyer" ? buyer(one.value) : one.value);
  const list = (one: Entry) => <StatusTag kind="risk_list" code={one.list} tone={TONES[one.list]} />;
  return (
    <>
      <p className="muted gap">{t("risk.lists_text")}</p>
      {may("risk.write") && (
        <div className="acts gap">
          <EntryForm />
        </div>
      )}
      <DataTable<Entry>
        id="risk-entries"
        label={t("risk.lists")}
        rowKey={(one) => one.id}
        columns={[
          { id: "value", title: t("f.subject"), cell: value },
          { id: "subject", title: t("f.kind"), cell: (one) => word("risk_subject", one.subject) },
          { id: "list", title: t("risk.lists"), cell: list },
          { id: "reason", title: t("f.reason"), cell: (one) => one.reason || "–" },
          { id: "ends", title: t("f.expires_at"), cell: (one) => <Time at={one.expires_at} near /> },
          { id: "at", title: t("f.created_at"), cell: (one) => <Time at={one.created_at} near /> },
        ]}
        filters={[
          {
            id: "list",
            label: t("risk.lists"),
            choices: LISTS.map((one) => ({ value: one, label: word("risk_list", one) })),
          },
        ]}
        load={({ cursor, list }) =>
          got(
            api.GET("/console/v1/risk/lists", {
              params: { query: { cursor, list: list as Entry["list"] | undefined, size: 50 } },
            }),
          )
        }
        detail={(_id, row) =>
          row && (
            <>
              {may("risk.write") && <Remove of={row} name={value(row)} />}
              <Descriptions
                pairs={[
                  [t("risk.lists"), list(row)],
                  [word("risk_subject", row.subject), <CopyCode key="v" text={row.value} />],
                  [t("f.reason"), row.reason],
                  [t("f.expires_at"), <Time key="e" at={row.expires_at} />],
                  [t("f.created_at"), <Time key="c" at={row.created_at} />],
                ]}
              />
            </>
          )
        }
        detailTitle={(row, id) => (row ? value(row) : id)}
        empty={{
          title: t("risk.no_entries"),
          text: t("risk.no_entries_text"),
          action: (
            <Go
              needs="risk.write"
              page="risk"
              search={{ tab: "lists", form: "risk-entry" }}
              label={t("risk.add_entry")}
            />
          ),
        }}
      />
    </>
  );
}

function Remove({ of, name }: { of: Entry; name: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const [, set] = useListState();
  const remove = useAct(
    (reason: string) =>
      got(
        api.POST("/console/v1/risk/lists/{entry_id}/remove", {
          params: { path: { entry_id: of.id } },
          body: { reason },
        }),
      ),
    "risk-entries",
  );
  return (
    <div className="acts gap">
      <ReasonForm
        label={t("risk.remove")}
        effect={`${word("risk_list", of.list)}: ${name}`}
        danger
        testid="remove-entry"
        run={async (reason) => {
          await remove.mutateAsync(reason);
          set({ open: undefined });
        }}
      />
    </div>
  );
}

function EntryForm() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <FormButton
      name="risk-entry"
      label={t("risk.add_entry")}
      primary
      touched={["risk-entries"]}
      // It may be somebody's telephone number.
      private
      fields={[
        {
          kind: "choice",
          name: "list",
          label: t("risk.lists"),
          must: true,
          choices: LISTS.map((value) => ({ value, label: word("risk_list", value) })),
        },
        {
          kind: "choice",
          name: "subject",
          label: t("f.kind"),
          must: true,
          choices: SUBJECTS.map((value) => ({ value, label: word("risk_subject", value) })),
        },
        {
          kind: "pick",
          name: "buyer",
          label: t("f.buyer"),
          must: true,
          when: (values) => values.subject === "buyer",
          also: ["value"],
          of: "buyer",
        },
        {
          kind: "text",
          name: "value",
          label: t("f.subject"),
          must: true,
          most: 128,
          hint: t("risk.value_hint"),
          when: (values) => values.subject !== "buyer",
        },
        { kind: "text", name: "reason", label: t("f.reason"), must: true, most: 200 },
        { kind: "moment", name: "expires_at", label: t("f.expires_at"), hint: t("key.expires_hint") },
      ]}
      first={{ list: "deny", subject: "ip" }}
      send={({ buyer, ...sent }) =>
        got(
          api.POST("/console/v1/risk/lists", {
            body: { ...sent, ...(buyer !== undefined && { value: buyer }) } as unknown as Of<"EntryIn">,
          }),
        )
      }
    />
  );
}
