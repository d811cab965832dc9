import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import type { Me } from "@/api/session";
import { useWord } from "@/i18n";
import { FaultNote } from "@/ui/FaultNote";

/** For which of his organisations somebody acts. */
export function Pick({ me, done }: { me: Me; done: (me: Me) => void | Promise<void> }) {
  const { t } = useTranslation();
  const word = useWord();
  const [fault, setFault] = useState<unknown>();
  const pick = async (organisation_id: string): Promise<void> => {
    setFault(undefined);
    try {
      if (organisation_id === me.organisation.id) await done(me);
      else
        await done(
          await got(api.POST("/console/v1/sessions/current/organisation", { body: { organisation_id } })),
        );
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <div className="signin" data-testid="pick">
      <p className="muted">{t("signing.pick_text")}</p>
      <FaultNote error={fault} />
      {me.memberships.map((one) => (
        <button
          key={one.organisation_id}
          type="button"
          className="todo"
          onClick={() => void pick(one.organisation_id)}
        >
          <span>{one.name}</span>
          <small>{word("role", one.role)}</small>
        </button>
      ))}
    </div>
  );
}
