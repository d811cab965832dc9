import { useTranslation } from "react-i18next";
import { beginExport } from "@/api/files";
import { useMay } from "@/api/session";
import { showJobs } from "@/app/bell";
import { AskButton, useAct } from "@/ui";
import { waitsForApproval } from "@/ui/form";

/** The codes of a batch as a file: masked, or in clear inside an encrypted one. */
export function CodesExport({ batch }: { batch: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const begin = useAct(async (format: "csv" | "zip") => {
    const begun = await beginExport("codes", format, { batch_id: [batch] });
    if (!waitsForApproval(begun)) showJobs();
    return begun;
  }, "jobs");
  if (!may("stock.export")) return null;
  return (
    <>
      <AskButton
        label={t("exports.codes_masked")}
        title={t("exports.codes")}
        run={() => begin.mutateAsync("csv")}
      />
      <AskButton
        label={t("exports.codes_zip")}
        title={t("exports.codes")}
        effect={t("exports.codes_text")}
        run={() => begin.mutateAsync("zip")}
      />
    </>
  );
}
