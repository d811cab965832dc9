import { useTranslation } from "react-i18next";
import { Input, TextArea } from "@/ui";

/** What somebody brings for a line by hand: a receipt, or codes. */
export function Brought({
  receipt,
  setReceipt,
  codes,
  setCodes,
}: {
  receipt: string;
  setReceipt: (text: string) => void;
  codes: string;
  setCodes: (text: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <label className="field">
        <span>{t("work.receipt")}</span>
        <Input value={receipt} onChange={(event) => setReceipt(event.target.value)} />
      </label>
      <label className="field">
        <span>{t("work.codes")}</span>
        <TextArea value={codes} onChange={(event) => setCodes(event.target.value)} />
      </label>
    </>
  );
}
