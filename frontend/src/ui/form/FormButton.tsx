import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { App, Button, Drawer, Modal } from "../kit";
import { useListState } from "../list";
import { clockOf } from "../Time";
import { draftKey } from "./draft";
import { Form, type FormProps } from "./Form";
import { waitsForApproval } from "./values";

type Answer<Out> = Out | Of<"ApprovalAsked">;
type Less<Out> = Omit<FormProps<Answer<Out>>, "draft" | "place" | "dirty" | "done" | "submit">;

interface Props<Out> extends Less<Out> {
  /** Of the form, in the address and of its draft; with what it is about where there are several. */
  name: string;
  label: string;
  title?: string;
  submit?: string;
  icon?: ReactNode;
  primary?: boolean;
  /** Written into no draft at all: persons' data. */
  private?: boolean;
  wide?: boolean;
  /** Queries that are read again. */
  touched?: string[];
  intro?: ReactNode;
  disabled?: boolean;
  /** Not called when it only waits for somebody else's yes. */
  done?: (out: Out) => void;
}

/** A button, and the form that it opens over the page. That it is open stands in the address, so back closes it. */
export function FormButton<Out>(props: Props<Out>) {
  const [search, set] = useListState();
  return (
    <>
      <Button
        type={props.primary ? "primary" : "default"}
        icon={props.icon}
        disabled={props.disabled}
        data-testid={`form-${props.name}`}
        onClick={() => set({ form: props.name })}
      >
        {props.label}
      </Button>
      {search.form === props.name && !props.disabled && <Opened {...props} />}
    </>
  );
}

function Opened<Out>(props: Props<Out>) {
  const { t } = useTranslation();
  const [, set] = useListState();
  const me = useMe();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [first] = useState({ values: props.first, version: props.version });
  const dirty = useRef(false);
  const [warn, setWarn] = useState(false);
  const key = props.private ? undefined : draftKey(`${me.mall.slug}.${me.person.id}`, props.name, "");
  const blocked = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty.current &&
      (next.pathname !== current.pathname || (next.search as { form?: string }).form !== props.name),
    enableBeforeUnload: () => dirty.current && warn,
    withResolver: true,
  });
  const done = (out: Answer<Out>): void => {
    dirty.current = false;
    set({ form: undefined }, true);
    for (const touched of props.touched ?? []) void queries.invalidateQueries({ queryKey: [touched] });
    if (waitsForApproval(out)) {
      message.info(t("approvals.waits"), 6);
      return;
    }
    message.success(t("done"));
    props.done?.(out);
  };
  return (
    <Drawer
      open
      size={props.wide ? 920 : 640}
      title={props.title ?? props.label}
      mask={{ blur: false }}
      closable={{ "aria-label": t("close") }}
      onClose={() => set({ form: undefined })}
    >
      {props.intro}
      <Form
        fields={props.fields}
        first={first.values}
        version={first.version}
        send={props.send}
        fresh={props.fresh}
        codes={props.codes}
        confirm={props.confirm}
        submit={props.submit ?? t("form.save")}
        draft={key}
        place={{ zone: me.mall.zone, today: clockOf(new Date().toISOString(), me.mall.zone).slice(0, 10) }}
        done={done}
        dirty={(is) => {
          dirty.current = is;
          setWarn(is);
        }}
      >
        {props.children}
      </Form>
      <Modal
        open={blocked.status === "blocked"}
        title={t("form.leave")}
        okText={t("form.leave_go")}
        cancelText={t("form.leave_stay")}
        okButtonProps={{ "data-testid": "leave" }}
        onOk={() => blocked.proceed?.()}
        onCancel={() => blocked.reset?.()}
      >
        {t(props.private ? "form.leave_lost" : "form.leave_kept")}
      </Modal>
    </Drawer>
  );
}
