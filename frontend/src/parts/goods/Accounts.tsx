import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { AskButton, Descriptions, Part, Pending, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

/** What is looked at before a top-up is taken: numbers as lists, and somebody's service that knows accounts. */
export function Accounts() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <Checker />
      <Part title={t("told.numbers")} actions={may("catalog.write") && <Numbers />}>
        <p className="muted">{t("told.numbers_text")}</p>
      </Part>
    </>
  );
}

function Checker() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const choices = useChoices();
  const read = useQuery({
    queryKey: ["account-checker"],
    queryFn: () => ask<Of<"CheckerOut">>("/console/v1/account-checker"),
  });
  const drop = useAct(() => got(api.DELETE("/console/v1/account-checker")), "account-checker");
  const kept = read.data;
  return (
    <Part
      title={t("told.checker")}
      actions={
        may("catalog.write") &&
        kept !== undefined && (
          <span className="acts">
            <FormButton
              name="account-checker"
              label={kept ? t("make.edit") : t("told.checker")}
              touched={["account-checker"]}
              fields={[
                {
                  kind: "text",
                  name: "url",
                  label: t("told.checker_url"),
                  must: true,
                  most: 500,
                  code: true,
                },
                {
                  kind: "text",
                  name: "secret",
                  label: t("told.checker_secret"),
                  must: true,
                  most: 200,
                  secret: true,
                },
                {
                  kind: "choice",
                  name: "on_silence",
                  label: t("told.on_silence"),
                  must: true,
                  choices: choices("checker_on_silence", ["pass", "refuse"]),
                },
              ]}
              first={{ url: kept?.url ?? "", secret: "", on_silence: kept?.on_silence ?? "pass" }}
              send={(sent) =>
                got(api.PUT("/console/v1/account-checker", { body: sent as unknown as Of<"CheckerIn"> }))
              }
            />
            {kept && (
              <AskButton
                label={t("told.drop_checker")}
                effect={t("told.drop_checker_text")}
                danger
                testid="drop-checker"
                run={() => drop.mutateAsync(undefined)}
              />
            )}
          </span>
        )
      }
    >
      <p className="muted">{t("told.checker_hint")}</p>
      <Pending of={read} />
      {kept && (
        <Descriptions
          pairs={[
            [t("told.checker_url"), <code key="u">{kept.url}</code>],
            [t("told.on_silence"), word("checker_on_silence", kept.on_silence)],
            [t("f.updated_at"), <Time key="c" at={kept.changed_at} />],
          ]}
        />
      )}
    </Part>
  );
}

function Numbers() {
  const { t } = useTranslation();
  const choices = useChoices();
  return (
    <FormButton
      name="account-numbers"
      label={t("told.numbers")}
      private
      fields={[
        {
          kind: "choice",
          name: "kind",
          label: t("f.kind"),
          must: true,
          choices: choices("number_list", ["segment", "ported", "dead", "plain"]),
        },
        { kind: "moment", name: "valid_from", label: t("f.valid_from"), must: true },
        { kind: "text", name: "source", label: t("f.source"), must: true, most: 200 },
        {
          kind: "rows",
          name: "rows",
          label: t("told.number"),
          add: t("told.add_number"),
          blank: { number: "", carrier: "", region: "" },
          of: [
            { kind: "text", name: "number", label: t("told.number"), must: true, most: 20, code: true },
            {
              kind: "choice",
              name: "carrier",
              label: t("told.carrier"),
              nothing: "–",
              half: true,
              choices: choices("carrier", ["mobile", "unicom", "telecom", "broadnet", "virtual"]),
            },
            { kind: "text", name: "region", label: t("told.region"), most: 40, half: true },
          ],
        },
      ]}
      first={{
        kind: "segment",
        valid_from: "",
        source: "",
        rows: [{ number: "", carrier: "", region: "" }],
      }}
      send={(sent) =>
        got(api.POST("/console/v1/account-numbers", { body: sent as unknown as Of<"NumbersIn"> }))
      }
    />
  );
}
