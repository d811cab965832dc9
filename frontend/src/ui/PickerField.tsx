import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { lookFor, type Named, type Narrowing, type Thing, useLabel, useNamed } from "@/api/names";
import { Input } from "./fields";
import { IconClose } from "./icons";
import "./pick.css";

const WAIT_MS = 200;

export interface PickerProps {
  of: Thing;
  /** The list's own filters that whatever is chosen must match. */
  where?: Narrowing;
  value: string;
  /** "" is nothing chosen. */
  change: (id: string) => void;
  label: string;
  /** The word for nothing chosen. */
  none?: string;
  /** What is said when there is none to choose. */
  empty?: string;
  /** Something has to stand there: it is exchanged, not taken away. */
  must?: boolean;
  id?: string;
  name?: string;
  testid?: string;
  className?: string;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
}

/** One of many things, found by the server as one types: a combobox with a list, by the keys that WAI-ARIA names for it. */
export default function PickerField(props: PickerProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const named = useNamed(props.of);
  const label = useLabel();
  const list = useId();
  const box = useRef<HTMLSpanElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const q = useLater((typed ?? "").trim());
  const found = useQuery({
    queryKey: ["names", "found", props.of, props.where ?? {}, q],
    enabled: open,
    staleTime: 30_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: () => lookFor(props.of, q, props.where),
  });
  const items = found.data?.items ?? [];
  const chosen = named(props.value);
  const shown = props.value ? (chosen ? label(chosen) : props.value) : "";
  const close = (): void => {
    setOpen(false);
    setTyped(undefined);
    setAt(-1);
  };
  const choose = (one: Named | undefined): void => {
    if (one) queries.setQueryData<Named | null>(["names", props.of, one.id], one);
    props.change(one?.id ?? "");
    close();
  };
  const pressed = (event: KeyboardEvent): void => {
    const last = items.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) =>
        open ? (now + step > last ? 0 : now + step < 0 ? last : now + step) : step > 0 ? 0 : last,
      );
      setOpen(true);
    } else if (event.key === "Enter" && open) {
      // Who typed and takes the first one need not go there.
      const one =
        items[at] ?? (typed && q === typed.trim() && !found.isPlaceholderData ? items[0] : undefined);
      if (one) choose(one);
    } else if (event.key === "Escape" && open) {
      // It closes the list and not what is around it.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      close();
    } else return;
    event.preventDefault();
  };
  useEffect(() => {
    if (at >= 0) document.getElementById(`${list}${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at, list]);
  return (
    <span className={`pick ${props.className ?? ""}`} ref={box}>
      <Input
        ref={field}
        id={props.id}
        name={props.name}
        data-testid={props.testid}
        data-value={props.value}
        role="combobox"
        aria-label={props.id ? undefined : props.label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && items[at] ? `${list}${at}` : undefined}
        aria-invalid={props.invalid}
        aria-describedby={props.describedBy}
        aria-required={props.must}
        autoComplete="off"
        spellCheck={false}
        disabled={props.disabled}
        placeholder={props.none ?? t("pick.find")}
        value={typed ?? shown}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onKeyDown={pressed}
        onBlur={() => {
          if (typed === "" && !props.must) props.change("");
          close();
        }}
      />
      {props.value && !props.must && !props.disabled && (
        <button
          type="button"
          className="plain"
          aria-label={t("pick.clear", { name: props.label })}
          onClick={() => {
            choose(undefined);
            field.current?.focus();
          }}
        >
          <IconClose aria-hidden />
        </button>
      )}
      {open && (
        // Where it is pressed the field keeps the focus, so that nothing closes before something is chosen.
        <div className="pick-list" onPointerDown={(event) => event.preventDefault()}>
          <div id={list} role="listbox" aria-label={props.label}>
            {items.map((one, n) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
              <div
                key={one.id}
                id={`${list}${n}`}
                role="option"
                tabIndex={-1}
                data-id={one.id}
                aria-selected={one.id === props.value}
                className={n === at ? "at" : undefined}
                onClick={() => choose(one)}
              >
                {label(one)}
              </div>
            ))}
          </div>
          <p className={found.error ? "wrong" : "muted"} role="status">
            {found.error ? (
              <>
                {t("fault.choices")}{" "}
                <button type="button" className="link" onClick={() => void found.refetch()}>
                  {t("fault.retry")}
                </button>
              </>
            ) : found.isLoading ? (
              t("pick.looking")
            ) : items.length === 0 ? (
              (q === "" && props.empty) || t("pick.nothing")
            ) : found.data?.more ? (
              t("pick.more")
            ) : null}
          </p>
        </div>
      )}
    </span>
  );
}

/** A text when nobody types any more. */
function useLater(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const later = setTimeout(() => setSettled(text), text ? WAIT_MS : 0);
    return () => clearTimeout(later);
  }, [text]);
  return settled;
}
