import { useTranslation } from "react-i18next";
import { Fault, Offline, retryable } from "@/api/errors";
import { CopyCode } from "./CopyCode";
import { inLang } from "./form/values";
import { IconBad } from "./icons";

/** Lines of a file that a refusal names. */
function linesOf(
  facts: Record<string, unknown> | undefined,
): { line: number; code: string; detail?: string }[] {
  const lines = facts?.lines;
  return Array.isArray(lines) ? lines.filter((one) => typeof one?.line === "number") : [];
}

/** What went wrong: the reason, what to do next, the code and the number under which our logs have it. */
export function FaultNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, i18n } = useTranslation();
  if (!error) return null;
  const fault = error instanceof Fault ? error : undefined;
  const problem = fault?.problem;
  const zh = i18n.language.startsWith("zh");
  const reason =
    error instanceof Offline
      ? t("fault.offline")
      : problem
        ? zh
          ? problem.title_zh
          : problem.title
        : t("fault.unknown");
  const lines = linesOf(problem?.facts);
  const next =
    problem?.outcome === "unknown"
      ? t("fault.maybe_done")
      : retryable(error)
        ? t("fault.again")
        : fault?.status === 403
          ? t("fault.ask_owner")
          : t("fault.change");
  return (
    <div className="fault" role="alert">
      <IconBad aria-hidden />
      <div>
        <strong>{reason}</strong>
        <p>{next}</p>
        {!!problem?.fields?.length && (
          <ul>
            {problem.fields.map((one) => (
              <li key={one.path}>
                <code>{one.path}</code> {inLang(one.message, zh)}
              </li>
            ))}
          </ul>
        )}
        {lines.length > 0 && (
          <ul>
            {lines.map((one) => (
              <li key={`${one.line} ${one.code}`}>
                {t("fault.line", { line: one.line })}: {one.detail || one.code}
              </li>
            ))}
          </ul>
        )}
        <p className="faultline">
          {problem && (
            <a href={`/docs/errors#${problem.code}`} target="_blank" rel="noreferrer">
              {problem.code}
            </a>
          )}
          {fault?.requestId && (
            <>
              {t("fault.request")} <CopyCode text={fault.requestId} />
            </>
          )}
          {retry && (
            <button type="button" className="link" onClick={retry}>
              {t("fault.retry")}
            </button>
          )}
        </p>
      </div>
    </div>
  );
}
