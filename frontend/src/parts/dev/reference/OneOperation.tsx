import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { Bones, FaultNote, Small } from "@/ui";
import { Samples } from "./Samples";
import { useSecret } from "./secrets";
import { TryIt } from "./TryIt";
import type { Operation } from "./types";
import { useMine } from "./values";

/** Names in backticks, as the documents write them, are code here too. */
const marked = (text: string): ReactNode[] =>
  text.split("`").map((piece, n) => (n % 2 ? <code key={n}>{piece}</code> : piece));

/** An operation: samples with the key, the call itself, what a second one does, and what it is refused with. */
export function OneOperation({ name, id }: { name: string; id: string | undefined }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language.startsWith("zh") ? undefined : "en";
  const secret = useSecret(id);
  const mine = useMine(id, secret);
  const { data, error, refetch } = useQuery({
    queryKey: ["docs", "one", name, lang],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => ask<Operation>(`/docs/reference/${name}.json`, { lang }),
  });
  if (error && data === undefined) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Bones />;
  if (data === null) return <p className="muted">{t("dev.gone")}</p>;
  // Other values of its own are another call; what else became known is not.
  const used = [mine.key, ...Object.keys(data.values).map((field) => mine.values[field])].join(" ");
  const query = lang ? `?lang=${lang}` : "";
  return (
    <div data-testid="operation">
      <h3>
        <code>{`${data.method} ${data.path}`}</code>
      </h3>
      <p>{data.summary}</p>
      {data.note && <p className="muted">{marked(data.note)}</p>}
      <p className="muted">
        <a href={`/docs/reference${query}#op-${name}`} target="_blank" rel="noreferrer">
          {t("dev.ref.fields")}
        </a>{" "}
        ·{" "}
        <a href={`/docs/reference/${name}.md${query}`} target="_blank" rel="noreferrer">
          Markdown
        </a>
      </p>
      <Samples operation={data} mine={mine} />
      {data.signed && <TryIt key={used} operation={data} mine={mine} />}
      {data.idempotency && (
        <>
          <h3>{t("dev.ref.twice")}</h3>
          <p>{marked(data.idempotency)}</p>
        </>
      )}
      {data.errors.length > 0 && (
        <>
          <h3>{t("dev.ref.errors")}</h3>
          <Small
            rows={data.errors}
            keyOf={(one) => one.code}
            none=""
            columns={[
              [
                t("f.code"),
                (one) => (
                  <a href={`/docs/errors${query}#${one.code}`} target="_blank" rel="noreferrer">
                    {one.code}
                  </a>
                ),
              ],
              [t("f.status"), (one) => one.status, "end"],
              [t("f.reason"), (one) => <span className="wrap">{one.text}</span>],
              [t("dev.ref.retry"), (one) => (one.retryable ? t("yes") : t("no"))],
            ]}
          />
        </>
      )}
    </div>
  );
}
