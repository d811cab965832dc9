import type { Ref } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  file: File | undefined | null;
  choose: (file: File | undefined) => void;
  accept?: string;
  testid?: string;
  disabled?: boolean;
  field?: Ref<HTMLInputElement>;
}

/** Choosing a file, in the page's language: the browser's own control speaks the browser's. Stands in a label. */
export function FileBox({ file, choose, accept, testid, disabled, field }: Props) {
  const { t } = useTranslation();
  return (
    <span className="filebox">
      <input
        ref={field}
        type="file"
        accept={accept}
        disabled={disabled}
        data-testid={testid}
        onChange={(event) => choose(event.target.files?.[0])}
      />
      <span>{file ? `${file.name} · ${file.size.toLocaleString()} B` : t("form.choose_file")}</span>
    </span>
  );
}
