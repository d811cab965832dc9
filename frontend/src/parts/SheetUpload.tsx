import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, FaultNote, FileBox } from "@/ui";

interface Props<Told> {
  id: string;
  /** What the file is, and its columns. */
  text: string;
  accept?: string;
  /** What would become of it, and then what has; the same file both times. */
  send: (file: File, dryRun: boolean) => Promise<Told>;
  show: (told: Told, done: boolean) => ReactNode;
  /** May it be sent as it was looked at? */
  fits: (told: Told) => boolean;
  go: string;
  done?: () => void;
  children?: ReactNode;
}

/** A file that is looked at before it counts. */
export function SheetUpload<Told>(props: Props<Told>) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File>();
  const [told, setTold] = useState<{ told: Told; done: boolean }>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const send = async (chosen: File, dryRun: boolean): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      setTold({ told: await props.send(chosen, dryRun), done: !dryRun });
      if (!dryRun) props.done?.();
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="upload">
      {props.children}
      <label className="field">
        <span>{props.text}</span>
        <FileBox
          file={file}
          accept={props.accept ?? ".csv,.txt,.xlsx"}
          testid={`${props.id}-file`}
          choose={(chosen) => {
            setFile(chosen);
            setTold(undefined);
            if (chosen) void send(chosen, true);
          }}
        />
      </label>
      <FaultNote error={error} retry={file && (() => void send(file, true))} />
      {told && props.show(told.told, told.done)}
      {file && told && !told.done && (
        <div className="acts">
          <Button
            type="primary"
            loading={busy}
            disabled={!props.fits(told.told)}
            data-testid={`${props.id}-go`}
            onClick={() => void send(file, false)}
          >
            {props.go}
          </Button>
          <Button onClick={() => void send(file, true)}>{t("supply.look_again")}</Button>
        </div>
      )}
    </div>
  );
}

/** What a request says of a sheet that goes out as it is. */
export function asSheet(file: File) {
  return {
    headers: { "content-type": sheetType(file) },
    body: file as never,
    bodySerializer: (given: unknown) => given as never,
  };
}

/** As the server wants a sheet named. */
function sheetType(file: File): string {
  return file.name.toLowerCase().endsWith(".xlsx")
    ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    : "text/csv";
}
