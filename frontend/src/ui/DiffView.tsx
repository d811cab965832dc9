import { useTranslation } from "react-i18next";

type Values = Record<string, unknown>;

const fields = (value: unknown): Values =>
  value === null || value === undefined
    ? {}
    : typeof value === "object" && !Array.isArray(value)
      ? (value as Values)
      : { value };
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** What a deed changed, field by field. */
export function DiffView({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useTranslation();
  const [was, is] = [fields(before), fields(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => text(was[name]) !== text(is[name]),
  );
  if (!names.length) return <p className="muted">{t("audit.nothing")}</p>;
  return (
    <div className="diff" data-testid="diff">
      <div className="muted">
        <span>{t("f.field")}</span>
        <span>{t("audit.before")}</span>
        <span>{t("audit.after")}</span>
      </div>
      {names.map((name) => (
        <div key={name}>
          <code>{name}</code>
          {was[name] === undefined ? <span className="muted">–</span> : <del>{text(was[name])}</del>}
          {is[name] === undefined ? <span className="muted">–</span> : <ins>{text(is[name])}</ins>}
        </div>
      ))}
    </div>
  );
}
