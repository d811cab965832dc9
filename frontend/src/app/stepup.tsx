import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ended, got } from "@/api/client";
import { usePasskey } from "@/api/passkey";
import { askBy, type Factor } from "@/api/stepup";
import { Modal } from "@/ui/kit";
import { FactorForm } from "./factor";

/** Over whatever page: proves that it is still he, and lets the act that asked go on. */
export function StepUp() {
  const { t } = useTranslation();
  const [factors, setFactors] = useState<Factor[]>();
  const answer = useRef<(proved: boolean) => void>(undefined);
  useEffect(() => {
    askBy((usable) => {
      if (usable.length === 0) {
        ended.dispatchEvent(new Event("ended")); // only signing in anew proves him
        return Promise.resolve(false);
      }
      setFactors(usable);
      return new Promise((resolve) => {
        answer.current = resolve;
      });
    });
    return () => askBy(undefined);
  }, []);
  const close = (proved: boolean): void => {
    setFactors(undefined);
    answer.current?.(proved);
  };
  return (
    <Modal
      open={factors !== undefined}
      title={t("signing.step_up")}
      footer={null}
      zIndex={2900}
      onCancel={() => close(false)}
      destroyOnHidden
    >
      <p className="muted">{t("signing.step_up_text")}</p>
      {factors && (
        <FactorForm
          factors={factors}
          label={t("signing.prove")}
          give={async (given) => {
            await got(api.POST("/console/v1/sessions/current/proof", { body: given }));
            close(true);
          }}
          passkey={async () => {
            const asked = await got(api.POST("/console/v1/sessions/current/proof/options"));
            const assertion = await usePasskey(asked.options);
            await got(api.POST("/console/v1/sessions/current/proof", { body: { assertion } }));
            close(true);
          }}
        />
      )}
    </Modal>
  );
}
