import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Input, TextArea } from "./fields";
import { Button, Modal } from "./kit";

interface Ask {
  /** What the button that asks says. */
  label: string;
  title?: string;
  /** What it will do, with counts and money. */
  effect?: ReactNode;
  /** For what cannot be taken back: has to be typed. */
  type?: string;
  /** Is a reason asked for, and must it be given? */
  reason?: "must" | "may";
  danger?: boolean;
  disabled?: boolean;
  primary?: boolean;
  testid?: string;
  children?: ReactNode;
  ready?: boolean;
  run: (reason: string) => Promise<unknown>;
}

/** A button whose act is asked about first. Everything else here is made of it. */
export function AskButton(props: Ask) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { type, danger } = props;
  const ready =
    (props.ready ?? true) &&
    (!type || typed.trim() === type) &&
    (props.reason !== "must" || reason.trim() !== "");
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await props.run(reason.trim());
      setOpen(false);
      setReason("");
      setTyped("");
    } catch {
      // The act itself has told; what was typed stays.
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        danger={danger}
        disabled={props.disabled}
        type={props.primary ? "primary" : "default"}
        data-testid={props.testid}
        onClick={() => setOpen(true)}
      >
        {props.label}
      </Button>
      <Modal
        open={open}
        title={props.title ?? props.label}
        onCancel={() => setOpen(false)}
        onOk={() => void run()}
        okText={props.label}
        okButtonProps={{ danger, disabled: !ready, loading: busy, "data-testid": "confirm" }}
        cancelText={t("cancel")}
        destroyOnHidden
      >
        {props.effect && <div className="effect">{props.effect}</div>}
        {props.children}
        {props.reason && (
          <label className="field">
            <span>{props.reason === "must" ? t("reason.must") : t("reason.may")}</span>
            <TextArea value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
          </label>
        )}
        {type && (
          <label className="field">
            <span>{t("danger.type", { type })}</span>
            <Input
              value={typed}
              autoComplete="off"
              spellCheck={false}
              data-testid="type-to-confirm"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
      </Modal>
    </>
  );
}

type Less<Keys extends keyof Ask> = Omit<Ask, Keys>;

/** For what cannot be taken back: what it does is said, and a word has to be typed. */
export function DangerConfirm(props: Less<"danger" | "primary"> & { type: string }) {
  return <AskButton {...props} danger />;
}

/** An act of which somebody will ask why. */
export function ReasonForm(props: Less<"type"> & { reason?: "must" | "may" }) {
  return <AskButton reason="must" {...props} />;
}
