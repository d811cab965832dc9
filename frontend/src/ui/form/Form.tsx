import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "@/api/errors";
import { useWord } from "@/i18n";
import { FaultNote } from "../FaultNote";
import { useKey } from "../key";
import { Button, Modal } from "../kit";
import { claim } from "../told";
import { Conflict } from "./Conflict";
import { drop, keep, recall, withoutSecrets } from "./draft";
import { Fields, type Place } from "./FieldOf";
import type { Field, Values } from "./fields";
import { type Faults, lacks, merge, placed, read, same, shown } from "./values";
import "./form.css";

export interface FormProps<Out> {
  fields: Field[];
  /** What stands in it at first, of that version of what is changed. */
  first: Values;
  version?: number;
  /** `version`: of what was looked at. `key`: the same however often this is sent. */
  send: (values: Values, on: { version: number; key: string }) => Promise<Out>;
  done: (out: Out, values: Values) => void;
  submit: string;
  /** As it is now, when somebody else has saved meanwhile. */
  fresh?: () => Promise<{ values: Values; version: number }>;
  /** Refusals that are about one field, by their code. */
  codes?: Record<string, string>;
  /** Of its draft; without, there is none. */
  draft?: string;
  place: Place;
  dirty?: (is: boolean) => void;
  /** What sending it does, with its money: asked about once more before it is sent. */
  confirm?: (values: Values) => ReactNode;
  /** Shown below the fields, of what stands in them. */
  children?: (values: Values, set: (change: Values) => void) => ReactNode;
}

/** What is written is kept until it is sent; what the server says stands where it is about. */
export function Form<Out>(props: FormProps<Out>) {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const key = useKey();
  const [kept] = useState(() => (props.draft ? recall(props.draft) : undefined));
  const [base, setBase] = useState({ values: props.first, version: props.version ?? 0 });
  const [values, setValues] = useState<Values>(() =>
    kept ? { ...props.first, ...kept.values } : props.first,
  );
  const [clash, setClash] = useState(() =>
    kept && kept.version !== props.version
      ? merge(kept.base, { ...props.first, ...kept.values }, props.first)
      : undefined,
  );
  const [restored, setRestored] = useState(kept !== undefined);
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { fields } = props;
  const dirty = !same(withoutSecrets(fields, values), withoutSecrets(fields, base.values));

  const told = useRef(props.dirty);
  told.current = props.dirty;
  useEffect(() => told.current?.(dirty), [dirty]);
  useEffect(() => {
    if (!props.draft) return;
    if (dirty)
      keep(props.draft, {
        at: Date.now(),
        values: withoutSecrets(fields, values),
        base: withoutSecrets(fields, base.values),
        version: props.version === undefined ? undefined : base.version,
      });
    else drop(props.draft);
  }, [props.draft, props.version, dirty, fields, values, base]);

  const set = (change: Values): void => {
    setValues((now) => ({ ...now, ...change }));
    setFaults((now) =>
      Object.fromEntries(Object.entries(now).filter(([path]) => !(path.split(/[.[]/)[0] ?? "" in change))),
    );
  };
  const toFirstFault = (): void => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    event.stopPropagation(); // React carries it out of the drawer, to a form around it
    if (busy) return;
    const lacking: Faults = {};
    for (const field of shown(fields, values)) {
      const wrong = field.check?.(values);
      if (wrong) lacking[field.name] = wrong;
    }
    for (const [path, lack] of Object.entries(lacks(fields, values))) lacking[path] = word("lack", lack);
    setError(undefined);
    setFaults(lacking);
    if (Object.keys(lacking).length) return toFirstFault();
    if (props.confirm) return setAsking(true);
    await send();
  };

  const send = async (): Promise<void> => {
    setAsking(false);
    setBusy(true);
    try {
      const out = await props.send(read(fields, values), { version: base.version, key: key.now() });
      key.next();
      if (props.draft) drop(props.draft);
      setBase((now) => ({ ...now, values }));
      props.done(out, values);
    } catch (fault) {
      claim(fault);
      await refused(fault);
    } finally {
      setBusy(false);
    }
  };

  const refused = async (fault: unknown): Promise<void> => {
    if (fault instanceof Fault && fault.status === 409 && props.fresh) {
      const now = await props.fresh().catch(() => undefined);
      if (now && now.version !== base.version) {
        setClash(merge(base.values, values, now.values));
        setBase(now);
        return;
      }
    }
    const problem = fault instanceof Fault ? fault.problem : undefined;
    const about = problem && props.codes?.[problem.code];
    const found = placed(fields, values, problem?.fields, i18n.language.startsWith("zh"));
    if (about && problem) found.at[about] = i18n.language.startsWith("zh") ? problem.title_zh : problem.title;
    setFaults(found.at);
    const all = Object.keys(found.at).length > 0 && found.rest.length === 0;
    setError(
      all
        ? undefined
        : fault instanceof Fault && problem
          ? new Fault(fault.status, { ...problem, fields: found.rest }, fault.requestId)
          : fault,
    );
    toFirstFault();
  };

  return (
    <form ref={form} className="form" noValidate onSubmit={(event) => void submit(event)} data-testid="form">
      {restored && (
        <p className="note" role="status" data-testid="draft">
          {t("form.restored")}{" "}
          <button
            type="button"
            className="link"
            onClick={() => {
              setValues(base.values);
              setClash(undefined);
              setRestored(false);
            }}
          >
            {t("form.discard")}
          </button>
        </p>
      )}
      {clash && (
        <Conflict
          found={clash}
          fields={shown(fields, values)}
          take={(taken) => {
            setValues({ ...clash.values, ...taken });
            setClash(undefined);
          }}
        />
      )}
      <FaultNote error={error} />
      <fieldset className="plainset" disabled={clash !== undefined}>
        <Fields fields={fields} values={values} set={set} faults={faults} place={props.place} />
        {props.children?.(values, set)}
        <div className="submit">
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            disabled={clash !== undefined}
            data-testid="save"
          >
            {props.submit}
          </Button>
        </div>
      </fieldset>
      <Modal
        open={asking}
        title={props.submit}
        okText={props.submit}
        okButtonProps={{ "data-testid": "confirm" }}
        cancelText={t("cancel")}
        onOk={() => void send()}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        <div className="effect">{asking && props.confirm?.(values)}</div>
      </Modal>
    </form>
  );
}
