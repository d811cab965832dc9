import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { showJobs } from "@/app/bell";
import { useWord } from "@/i18n";
import { useAct } from "./act";
import { FaultNote } from "./FaultNote";
import { Input, Select } from "./fields";
import { Button, Modal } from "./kit";
import type { Search } from "./list";
import { Money } from "./Money";
import { claim } from "./told";

type Action = Of<"BulkIn">["action"];
export type BulkList = "skus" | "batches" | "buyers" | "orders" | "work";

export interface BulkAct {
  action: Action;
  permission: string;
  danger?: boolean;
  /** Cannot be taken back: how many it takes has to be typed. */
  final?: boolean;
  /** What it takes beside: a reason, a text, or one of these. */
  arg?: { name: string; label: string; choices?: { value: string; label: string }[] };
}

interface Props {
  list: BulkList;
  acts: BulkAct[];
  /** Those that were chosen; with `all`, everything that the filter matches. */
  chosen: { id: string; line_no?: number }[];
  all: boolean;
  filter: Search;
  done: () => void;
}

/** An act on many: what it would do is looked at first, then a job does it one by one. */
export function BulkActs(props: Props) {
  const may = useMay();
  const word = useWord();
  const [act, setAct] = useState<BulkAct>();
  return (
    <>
      {props.acts
        .filter((one) => may(one.permission))
        .map((one) => (
          <Button
            key={one.action}
            danger={one.danger}
            data-testid={`bulk-${one.action}`}
            onClick={() => setAct(one)}
          >
            {word("bulk_action", one.action)}
          </Button>
        ))}
      {act && <Ask key={act.action} {...props} act={act} close={() => setAct(undefined)} />}
    </>
  );
}

function Ask({ list, chosen, all, filter, act, done, close }: Props & { act: BulkAct; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const [value, setValue] = useState("");
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState<Of<"BulkOut">>();
  const [fault, setFault] = useState<unknown>();
  const body = (dry_run: boolean): Of<"BulkIn"> => ({
    action: act.action,
    ...(all
      ? {
          filter: Object.fromEntries(Object.entries(filter).filter(([, v]) => v)) as Record<string, string>,
        }
      : { subjects: chosen }),
    args: act.arg ? { [act.arg.name]: value.trim() } : {},
    dry_run,
    ...(dry_run ? {} : { expected: shown?.matched }),
  });
  /** Something else is wished: what was shown, and typed of it, holds no more. */
  const ask = (): void => {
    setShown(undefined);
    setTyped("");
  };
  const look = async (): Promise<void> => {
    setFault(undefined);
    try {
      setShown(await got(api.POST(`/console/v1/${list}/bulk`, { body: body(true) })));
    } catch (error) {
      setFault(error);
    }
  };
  const run = useAct(() => got(api.POST(`/console/v1/${list}/bulk`, { body: body(false) })), "jobs", list);
  const go = async (): Promise<void> => {
    setFault(undefined);
    try {
      await run.mutateAsync(undefined);
    } catch (error) {
      claim(error);
      setFault(error);
      return;
    }
    close();
    done();
    showJobs();
  };
  const count = shown && act.final ? String(shown.pieces || shown.acting) : "";
  const ready = (!act.arg || value.trim() !== "") && (!count || typed.trim() === count);
  return (
    <Modal
      open
      title={t("bulkbar.title", { act: word("bulk_action", act.action) })}
      onCancel={close}
      cancelText={t("cancel")}
      okText={shown ? t("bulkbar.run", { count: shown.acting }) : t("bulkbar.look")}
      okButtonProps={{
        danger: !!shown && act.danger,
        disabled: !ready || shown?.acting === 0,
        loading: run.isPending,
        "data-testid": "confirm",
      }}
      onOk={() => void (shown ? go() : look())}
    >
      {act.arg && (
        <div className="field">
          <span>{act.arg.label}</span>
          {act.arg.choices ? (
            <Select
              aria-label={act.arg.label}
              none={t("bulkbar.choose")}
              choices={act.arg.choices}
              value={value}
              change={(next) => {
                setValue(next);
                ask();
              }}
            />
          ) : (
            <Input
              aria-label={act.arg.label}
              value={value}
              maxLength={500}
              data-testid="bulk-arg"
              onChange={(event) => {
                setValue(event.target.value);
                ask();
              }}
            />
          )}
        </div>
      )}
      <FaultNote error={fault} />
      {shown && (
        <div className="effect" data-testid="effects" aria-live="polite">
          <p>
            {t("bulkbar.effects", { matched: shown.matched, acting: shown.acting })}
            {shown.pieces > 0 && ` ${t("bulkbar.pieces", { count: shown.pieces })}`}
          </p>
          {Object.entries(shown.sums).map(([name, sum]) => (
            <p key={name}>
              {word("bulk_sum", name)} <Money value={sum} />
            </p>
          ))}
          {shown.skipped.map((one) => (
            <p key={one.reason} className="muted">
              {t("bulkbar.skipped", { count: one.count, why: why(one.reason) })}
            </p>
          ))}
        </div>
      )}
      {count && shown?.acting !== 0 && (
        <label className="field">
          <span>{t("bulkbar.type", { count: Number(count), typed: count })}</span>
          <Input
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            data-testid="type-to-confirm"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      )}
    </Modal>
  );

  function why(reason: string): string {
    return reason === "already" ? t("bulkbar.already") : word("refusal", reason);
  }
}
