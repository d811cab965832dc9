import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { passkeysHere } from "@/api/passkey";
import type { Factor } from "@/api/stepup";
import { FaultNote } from "@/ui/FaultNote";
import { Input } from "@/ui/fields";
import { Button } from "@/ui/kit";

export interface Given {
  code?: string;
  recovery?: string;
  password?: string;
}

interface Props {
  factors: Factor[];
  /** By what was typed. */
  give: (given: Given) => Promise<void>;
  /** By a passkey. */
  passkey: () => Promise<void>;
  label: string;
}

const FIELDS = {
  totp: { name: "code", autoComplete: "one-time-code", inputMode: "numeric", type: "text" },
  recovery: { name: "recovery", autoComplete: "off", inputMode: "text", type: "text" },
  password: { name: "password", autoComplete: "current-password", inputMode: "text", type: "password" },
} as const;

const NAMES = {
  totp: "signing.by.totp",
  recovery: "signing.by.recovery",
  password: "signing.by.password",
} as const;
const HINTS = {
  totp: "signing.hint.totp",
  recovery: "signing.hint.recovery",
  password: "signing.hint.password",
} as const;

/** One of the factors that somebody has; the others a click away. */
export function FactorForm({ factors, give, passkey, label }: Props) {
  const { t } = useTranslation();
  const typed = factors.filter((one): one is keyof typeof FIELDS => one !== "passkey");
  const [by, setBy] = useState(typed[0]);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await act();
    } catch (error) {
      // Closing the browser's own window is no fault.
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) setFault(error);
      setText("");
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (by) void run(() => give({ [FIELDS[by].name]: text.trim() }));
  };
  return (
    <form className="signin" onSubmit={submit} data-testid="factor">
      <FaultNote error={fault} />
      {by && (
        <label className="field">
          <span>{t(NAMES[by])}</span>
          <Input
            {...FIELDS[by]}
            key={by}
            value={text}
            required
            autoFocus
            spellCheck={false}
            maxLength={by === "password" ? 200 : 40}
            onChange={(event) => setText(event.target.value)}
          />
          <small className="muted">{t(HINTS[by])}</small>
        </label>
      )}
      {by && (
        <Button type="primary" htmlType="submit" block loading={busy} data-testid="factor-give">
          {label}
        </Button>
      )}
      {factors.includes("passkey") && (
        <Button
          block
          type={by ? "default" : "primary"}
          disabled={busy || !passkeysHere}
          data-testid="factor-passkey"
          onClick={() => void run(passkey)}
        >
          {t("signing.by.passkey")}
        </Button>
      )}
      {factors.includes("passkey") && !passkeysHere && <p className="muted">{t("signing.no_passkey")}</p>}
      {typed
        .filter((one) => one !== by)
        .map((one) => (
          <button
            key={one}
            type="button"
            className="link"
            data-testid={`factor-by-${one}`}
            onClick={() => {
              setBy(one);
              setText("");
            }}
          >
            {t("signing.other", { by: t(NAMES[one]) })}
          </button>
        ))}
    </form>
  );
}
