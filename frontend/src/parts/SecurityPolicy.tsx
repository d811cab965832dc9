import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, Button, FaultNote, Input, Part, Select, useAct } from "@/ui";

type Policy = Of<"SecurityPolicyOut">;
const DEMANDS: Policy["two_factor"][] = ["off", "staff", "all"];

/** What the mall demands of who signs in, and of who looks at codes. */
export function SecurityPolicy() {
  const { data, error, refetch } = useQuery({
    queryKey: ["security-policy"],
    queryFn: () => got(api.GET("/console/v1/security-policy")),
  });
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  return data ? <Form now={data} /> : <Bones rows={3} />;
}

/** "100.0000" as somebody would write it. */
function short(amount: string): string {
  return amount.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

function Form({ now }: { now: Policy }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay()("mall.write");
  const [two, setTwo] = useState(now.two_factor);
  const [above, setAbove] = useState(short(now.reveal_above.amount));
  useEffect(() => {
    setTwo(now.two_factor);
    setAbove(short(now.reveal_above.amount));
  }, [now]);
  const save = useAct(
    () =>
      got(
        api.PUT("/console/v1/security-policy", {
          body: {
            two_factor: two,
            reveal_above: { amount: above.trim(), currency: now.reveal_above.currency },
            version: now.version,
          },
        }),
      ),
    "security-policy",
    "me",
    "factors",
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Part title={t("security.policy")}>
      <form className="policy" onSubmit={submit}>
        <label className="field">
          <span>{t("security.two_factor")}</span>
          <Select
            value={two}
            disabled={!may}
            data-testid="two-factor"
            change={(value) => setTwo(value as Policy["two_factor"])}
            choices={DEMANDS.map((value) => ({ value, label: word("two_factor", value) }))}
          />
          <small className="muted">{t("security.two_factor_text")}</small>
        </label>
        <label className="field">
          <span>{t("security.reveal_above", { currency: now.reveal_above.currency })}</span>
          <Input
            value={above}
            required
            disabled={!may}
            inputMode="decimal"
            pattern="[0-9]{1,12}([.][0-9]{1,4})?"
            name="reveal_above"
            onChange={(event) => setAbove(event.target.value)}
          />
          <small className="muted">{t("security.reveal_above_text")}</small>
        </label>
        {may && (
          <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="save-policy">
            {t("security.save")}
          </Button>
        )}
      </form>
    </Part>
  );
}
