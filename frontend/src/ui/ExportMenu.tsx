import { useTranslation } from "react-i18next";
import { beginExport, type ExportList } from "@/api/files";
import { showJobs } from "@/app/bell";
import { useWord } from "@/i18n";
import { useAct } from "./act";
import { IconExport } from "./icons";
import { Button } from "./kit";
import type { Search } from "./list";
import { Menu } from "./Menu";

/** All that the list's filters match, not only this page, as a file that a job makes. */
export function ExportMenu({ list, filter }: { list: ExportList; filter: Search }) {
  const { t } = useTranslation();
  const word = useWord();
  const begin = useAct(async (format: "csv" | "xlsx") => {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as Record<
      string,
      string
    >;
    await beginExport(list, format, given);
    showJobs();
  }, "jobs");
  return (
    <Menu label={t("exports.label")} icon={<IconExport aria-hidden />} testid="export">
      {(close) =>
        (["xlsx", "csv"] as const).map((format) => (
          <Button
            key={format}
            type="text"
            data-testid={`export-${format}`}
            onClick={() => {
              begin.mutate(format);
              close();
            }}
          >
            {word("export_as", format)}
          </Button>
        ))
      }
    </Menu>
  );
}
