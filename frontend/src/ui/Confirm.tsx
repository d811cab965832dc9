import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "@/api/errors";
import { FaultNote } from "./FaultNote";
import { Input, TextArea } from "./fields";
import type { Field } from "./form/fields";
import { placed } from "./form/values";
import { Button, Modal } from "./kit";
import { claim } from "./told";

/** The one text that is asked for here, by every name under which the API takes it. */
const REASON: Field[] = [
  { kind: "long", name: "reason", label: "", also: ["comment", "note", "memo", "words"] },
];

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
  const { t, i18n } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { type, danger } = props;
  const ready =
    (props.ready ?? true) &&
    (!type || typed.trim() === type) &&
    (props.reason !== "must" || reason.trim() !== "");
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await props.run(reason.trim());
      setOpen(false);
      setReason("");
      setTyped("");
    } catch (fault) {
      claim(fault);
      setError(fault);
    } finally {
      setBusy(false);
    }
  };
  const { wrong, rest } = props.reason
    ? apart(error, i18n.language.startsWith("zh"))
    : { wrong: undefined, rest: error };
  return (
    <>
      <Button
        danger={danger}
        disabled={props.disabled}
        type={props.primary ? "primary" : "default"}
        data-testid={props.testid}
        onClick={() => {
          setError(undefined);
          setOpen(true);
        }}
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
        <FaultNote error={rest} />
        {props.reason && (
          <div className="field">
            <label htmlFor={id}>{props.reason === "must" ? t("reason.must") : t("reason.may")}</label>
            <TextArea
              id={id}
              value={reason}
              maxLength={500}
              aria-invalid={wrong !== undefined}
              aria-describedby={wrong && `${id}-wrong`}
              onChange={(event) => setReason(event.target.value)}
            />
            {wrong && (
              <span id={`${id}-wrong`} className="wrong" role="alert">
                {wrong}
              </span>
            )}
          </div>
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

/** What the server says of the reason, and the rest of what it says. */
function apart(error: unknown, zh: boolean): { wrong?: string; rest: unknown } {
  const problem = error instanceof Fault ? error.problem : undefined;
  if (!(error instanceof Fault) || !problem?.fields?.length) return { rest: error };
  const { at, rest } = placed(REASON, {}, problem.fields, zh);
  if (!at.reason) return { rest: error };
  return {
    wrong: at.reason,
    rest: rest.length && new Fault(error.status, { ...problem, fields: rest }, error.requestId),
  };
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
