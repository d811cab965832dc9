import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Modal } from "@/ui/kit";
import { open as openTo } from "./nav";

/** The keys, by what they do. */
export function Help({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const keys: [string, string][] = [
    ["Ctrl K", t("help.palette")],
    ["/", t("help.find")],
    ["j k", t("help.rows")],
    ["x", t("help.choose")],
    ["Enter", t("help.open")],
    ["Space", t("help.page")],
    ["e", t("help.export")],
    ["Esc", t("help.close")],
    ["?", t("help.title")],
    ...openTo(may).map((page): [string, string] => [`g ${page.key}`, t(`nav.${page.id}`)]),
  ];
  return (
    <Modal open={open} title={t("help.title")} footer={null} onCancel={close} destroyOnHidden>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
