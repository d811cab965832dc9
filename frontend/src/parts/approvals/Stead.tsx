import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMe } from "@/api/session";
import { AskButton, Part, Select, Small, Time, useAct } from "@/ui";
import { DayField, isDay } from "@/ui/form";
import { startOf } from "@/ui/Time";

/** Who decides in one's stead while one is away. */
export function Stead() {
  const { t } = useTranslation();
  const me = useMe();
  const [person, setPerson] = useState("");
  const [until, setUntil] = useState("");
  const stead = useQuery({
    queryKey: ["approval-delegates"],
    queryFn: () => got(api.GET("/console/v1/approval-delegates")),
  });
  const set = useAct(
    () =>
      got(
        api.PUT("/console/v1/approval-delegates/mine", {
          body: { person_id: person, until_at: startOf(until, me.mall.zone, 1) },
        }),
      ),
    "approval-delegates",
  );
  const end = useAct(() => got(api.DELETE("/console/v1/approval-delegates/mine")), "approval-delegates");
  const mine = stead.data?.items.some((one) => one.person.id === me.person.id);
  return (
    <Part
      title={t("rules.stead")}
      actions={
        <div className="acts">
          <AskButton
            label={t("rules.delegate")}
            effect={t("rules.delegate_text")}
            ready={person !== "" && isDay(until)}
            testid="delegate"
            run={() => set.mutateAsync(undefined)}
          >
            <label className="field">
              <span>{t("rules.colleague")}</span>
              <Select
                value={person}
                none="–"
                change={setPerson}
                of={stead}
                choices={(stead.data?.colleagues ?? []).map((one) => ({ value: one.id, label: one.name }))}
              />
            </label>
            <DayField label={t("rules.until")} value={until} change={setUntil} />
          </AskButton>
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
