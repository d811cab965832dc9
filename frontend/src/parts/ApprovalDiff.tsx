import { useTranslation } from "react-i18next";
import type { Money as Sum } from "@/api/client";
import { useSkuName } from "@/api/names";
import { useWord } from "@/i18n";
import { Money } from "@/ui";

type Values = Record<string, unknown>;

const isSum = (value: unknown): value is Sum =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value;

/** What would change, field by field: money as money, of lists what comes and what goes. */
export function ApprovalDiff({ before, after }: { before: Values; after: Values }) {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const word = useWord();
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const label = (name: string): string =>
    name.startsWith("sku:") ? skuName(name.slice(4)) : word("change_field", name);
  return (
    <div className="diff" data-testid="diff">
      <div className="muted">
        <span>{t("f.field")}</span>
        <span>{t("audit.before")}</span>
        <span>{t("audit.after")}</span>
      </div>
      {names.map((name) => {
        const [was, is] = [before[name], after[name]];
        const same = JSON.stringify(was) === JSON.stringify(is);
        if (Array.isArray(is)) return <Lists key={name} label={label(name)} was={was} is={is} />;
        return (
          <div key={name}>
            <span>{label(name)}</span>
            {was === undefined || was === null ? (
              <span className="muted">–</span>
            ) : same ? (
              <span>
                <Value of={was} />
              </span>
            ) : (
              <del>
                <Value of={was} />
              </del>
            )}
            {is === undefined || is === null ? (
              <span className="muted">–</span>
            ) : same ? (
              <span className="muted">{t("approvals.same")}</span>
            ) : (
              <ins>
                <Value of={is} />
              </ins>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Lists({ label, was, is }: { label: string; was: unknown; is: unknown[] }) {
  const word = useWord();
  const had = Array.isArray(was) ? was : [];
  const say = (values: unknown[]): string => values.map((one) => word("permission", String(one))).join(", ");
  const gone = had.filter((one) => !is.includes(one));
  const come = is.filter((one) => !had.includes(one));
  return (
    <div>
      <span>{label}</span>
      {gone.length ? <del>{say(gone)}</del> : <span className="muted">–</span>}
      {come.length ? <ins>{say(come)}</ins> : <span className="muted">–</span>}
    </div>
  );
}

function Value({ of }: { of: unknown }) {
  if (isSum(of)) return <Money value={of} />;
  return <>{typeof of === "object" ? JSON.stringify(of) : String(of)}</>;
}
