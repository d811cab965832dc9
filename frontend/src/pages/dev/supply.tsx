import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { sample, TRIES } from "@/parts/dev/sample";
import { Bones, FaultNote, Part, Small } from "@/ui";

interface Operation {
  operationId: string;
  summary: string;
  "x-summary-zh"?: string;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}
const METHODS = ["get", "put", "post", "patch", "delete"];

/** What a supplier's key may call, as the document of the API has it, and one call to try it with. */
export function SupplyOperations() {
  const { t, i18n } = useTranslation();
  const zh = i18n.language.startsWith("zh");
  const { data, error, refetch } = useQuery({
    queryKey: ["openapi", "supply"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () =>
      Object.entries((await ask<Document>("/openapi.json"))?.paths ?? {})
        .filter(([path]) => path.startsWith("/v1/supply/"))
        .flatMap(([path, item]) =>
          METHODS.flatMap((method) => (item[method] ? [{ path, method, ...item[method] }] : [])),
        ),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const reference = (id: string): string =>
    `/docs/reference${zh ? "" : "?lang=en"}#op-${id.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return (
    <>
      <Part title={t("dev.supply_may")}>
        <p className="muted">{t("dev.supply_no_test")}</p>
        <Small
          rows={data}
          keyOf={(one) => one.operationId}
          none=""
          columns={[
            [t("dev.route"), (one) => <code>{`${one.method.toUpperCase()} ${one.path}`}</code>],
            [
              t("dev.does"),
              (one) => (
                <a href={reference(one.operationId)} target="_blank" rel="noreferrer">
                  {(zh && one["x-summary-zh"]) || one.summary}
                </a>
              ),
            ],
          ]}
        />
      </Part>
      <Part title={t("dev.try")}>
        <p className="muted">{t("dev.supply_sample")}</p>
        <pre className="wrap note" data-testid="supply-sample" tabIndex={0}>
          {sample(location.origin, "YOUR_KEY_ID", "YOUR_KEY_SECRET", TRIES.supplier)}
        </pre>
      </Part>
    </>
  );
}
