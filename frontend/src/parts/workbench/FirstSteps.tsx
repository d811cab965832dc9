import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { prefs, setPrefs, usePrefs } from "@/app/prefs";
import { useWord } from "@/i18n";
import { Sample } from "@/parts/Sample";
import { Button, IconGood, Part, Pending } from "@/ui";
import "./steps.css";

type Step = Of<"FirstStepOut">["step"];

/** Where a step is taken, and the right that it needs. */
const WHERE: Record<Step, { page: string; search?: Record<string, string>; needs: string }> = {
  brand: { page: "goods", search: { tab: "brands", form: "brand" }, needs: "catalog.write" },
  goods: { page: "goods", search: { form: "sku" }, needs: "catalog.write" },
  source: { page: "import", search: { kind: "codes" }, needs: "stock.import" },
  price: { page: "prices", needs: "pricing.write" },
  listed: { page: "goods", search: { status: "draft" }, needs: "catalog.write" },
  buyer: { page: "customers", search: { form: "buyer" }, needs: "partners.write" },
  key: { page: "customers", needs: "keys.write" },
  order: { page: "orders", search: { form: "order" }, needs: "orders.place" },
};

/** What a new mall still lacks before it sells; gone when nothing does, or when somebody wants it gone. */
export default function FirstSteps() {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  const may = useMay();
  const { hushed } = usePrefs();
  const about = `steps.${me.mall.slug}`;
  const hidden = hushed.includes(about);
  const steps = useQuery({
    queryKey: ["first-steps"],
    enabled: !hidden,
    queryFn: () => got(api.GET("/console/v1/first-steps")),
  });
  const items = steps.data?.items ?? [];
  const mine = items.some((one) => !one.done && may(WHERE[one.step].needs));
  if (hidden) return null;
  if (steps.error && !steps.data) return <Pending of={steps} />;
  if (!steps.data || steps.data.done || !mine) return null;
  const done = items.filter((one) => one.done).length;
  const next = items.find((one) => !one.done && may(WHERE[one.step].needs))?.step;
  return (
    <Part
      title={t("workbench.steps")}
      actions={
        <>
          <Sample page="goods" />
          <Button
            type="text"
            data-testid="hide-steps"
            onClick={() => setPrefs({ hushed: [...prefs().hushed, about] })}
          >
            {t("workbench.steps_hide")}
          </Button>
        </>
      }
    >
      <label className="inline">
        <progress max={items.length} value={done} />
        <span data-testid="steps-done">{t("workbench.steps_done", { done, count: items.length })}</span>
      </label>
      <ol className="first-steps" data-testid="first-steps">
        {items.map(({ step, done }) => (
          <li key={step} data-step={step} data-done={done} aria-current={step === next ? "step" : undefined}>
            {done ? (
              <span className="muted">
                <IconGood aria-hidden /> {word("first_step", step)}{" "}
                <span className="unseen">{t("done")}</span>
              </span>
            ) : may(WHERE[step].needs) ? (
              <Link
                to={`/c/$org/${WHERE[step].page}` as "/c/$org/goods"}
                params={{ org: me.mall.slug }}
                search={WHERE[step].search ?? {}}
              >
                {word("first_step", step)}
              </Link>
            ) : (
              word("first_step", step)
            )}
          </li>
        ))}
      </ol>
    </Part>
  );
}
