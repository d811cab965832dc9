import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { App, CopyCode, DataTable, Descriptions, StatusTag, Time } from "@/ui";
import { FormButton } from "@/ui/form";

type List = Of<"NameListOut">;

/** With whom nobody may trade: whole lists, each in the place of its older edition. Their names are shown to nobody. */
export function NameLists() {
  const { t } = useTranslation();
  const state = (one: List) => (
    <StatusTag
      kind="name_list"
      code={one.replaced_at ? "replaced" : "in_force"}
      tone={one.replaced_at ? "off" : "good"}
    />
  );
  return (
    <>
      <p className="muted gap">{t("kyb.lists_text")}</p>
      <DataTable<List>
        id="name-lists"
        label={t("kyb.lists")}
        rowKey={(one) => one.id}
        columns={[
          { id: "title", title: t("f.name"), cell: (one) => one.title },
          { id: "state", title: t("f.status"), cell: state },
          { id: "dated", title: t("kyb.dated"), cell: (one) => <Time at={one.dated} day /> },
          { id: "names", title: t("kyb.names"), cell: (one) => one.names.toLocaleString(), end: true },
          { id: "source", title: t("kyb.source"), cell: (one) => <span className="wrap">{one.source}</span> },
          { id: "at", title: t("f.submitted_at"), cell: (one) => <Time at={one.uploaded_at} near /> },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/name-lists", { params: { query: { cursor, size: 50 } } }))
        }
        detail={(_id, one) =>
          one && (
            <Descriptions
              pairs={[
                [t("f.status"), state(one)],
                [t("kyb.source"), one.source],
                [t("kyb.dated"), <Time key="d" at={one.dated} day />],
                [t("kyb.names"), one.names.toLocaleString()],
                [t("f.fingerprint"), <CopyCode key="h" text={one.sha256} short />],
                [t("f.submitted_at"), <Time key="u" at={one.uploaded_at} />],
                [t("kyb.replaced_at"), <Time key="r" at={one.replaced_at} />],
              ]}
            />
          )
        }
        detailTitle={(one, id) => one?.title ?? id}
        empty={{ title: t("kyb.no_lists"), text: t("kyb.no_lists_text") }}
      />
    </>
  );
}

export function NameListForm() {
  const { t } = useTranslation();
  const may = useMay();
  const { modal } = App.useApp();
  if (!may("partners.write")) return null;
  return (
    <FormButton<Of<"NamesUploadedOut">>
      name="name-list"
      label={t("kyb.new_list")}
      primary
      private
      touched={["name-lists", "suppliers"]}
      fields={[
        { kind: "text", name: "title", label: t("f.name"), must: true, most: 200, hint: t("kyb.title_hint") },
        { kind: "text", name: "source", label: t("kyb.source"), must: true, most: 500 },
        { kind: "day", name: "dated", label: t("kyb.dated"), must: true },
        { kind: "list", name: "names", label: t("kyb.names"), must: true, hint: t("make.one_a_line") },
      ]}
      first={{ title: "", source: "", dated: "", names: "" }}
      send={(sent) => got(api.POST("/console/v1/name-lists", { body: sent as unknown as Of<"NameListIn"> }))}
      done={({ hits }) =>
        hits > 0 && modal.warning({ title: t("kyb.hits", { count: hits }), content: t("kyb.hits_text") })
      }
    />
  );
}
