import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMe } from "@/api/session";
import { AskButton, Part, Small, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";
import { startOf } from "@/ui/Time";

/** Who decides in one's stead while one is away. */
export function Stead() {
  const { t } = useTranslation();
  const me = useMe();
  const stead = useQuery({
    queryKey: ["approval-delegates"],
    queryFn: () => got(api.GET("/console/v1/approval-delegates")),
  });
  const end = useAct(() => got(api.DELETE("/console/v1/approval-delegates/mine")), "approval-delegates");
  const mine = stead.data?.items.some((one) => one.person.id === me.person.id);
  return (
    <Part
      title={t("rules.stead")}
      actions={
        <div className="acts">
          <FormButton
            name="delegate"
            label={t("rules.delegate")}
            intro={<p className="muted">{t("rules.delegate_text")}</p>}
            touched={["approval-delegates"]}
            fields={[
              {
                kind: "choice",
                name: "person_id",
                label: t("rules.colleague"),
                must: true,
                of: stead,
                choices: (stead.data?.colleagues ?? []).map((one) => ({ value: one.id, label: one.name })),
              },
              { kind: "day", name: "until", label: t("rules.until"), must: true, also: ["until_at"] },
            ]}
            first={{ person_id: "", until: "" }}
            send={(sent) =>
              got(
                api.PUT("/console/v1/approval-delegates/mine", {
                  body: {
                    person_id: String(sent.person_id),
                    until_at: startOf(String(sent.until), me.mall.zone, 1),
                  },
                }),
              )
            }
          />
          {mine && (
            <AskButton
              label={t("rules.end")}
              effect={t("rules.end_text")}
              run={() => end.mutateAsync(undefined)}
            />
          )}
        </div>
      }
    >
      <Small
        of={stead}
        rows={stead.data?.items ?? []}
        keyOf={(one) => one.person.id}
        none={t("rules.nobody")}
        columns={[
          [t("rules.person"), (one) => one.person.name],
          [t("rules.colleague"), (one) => one.delegate.name],
          [t("f.from"), (one) => <Time at={one.from_at} />],
          [t("f.to"), (one) => <Time at={one.until_at} />],
        ]}
      />
    </Part>
  );
}
