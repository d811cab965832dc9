import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice, Days, type Filter, notOf, rangesOf, said } from "./FilterBar";
import { Select } from "./fields";
import { Modal } from "./kit";
import type { Search } from "./list";
import { Pending } from "./Pending";
import type { Count } from "./Views";
import "./all-filters.css";

export interface AllProps {
  filters: Filter[];
  search: Search;
  set: (change: Search) => void;
  count: Count;
}

const WAIT_MS = 300;

/** Every filter of a list, put together before any of them holds: how many would match stands beside the button. */
export default function AllFilters({ filters, search, set, count, close }: AllProps & { close: () => void }) {
  const { t } = useTranslation();
  const names = filters.flatMap((one) => (one.not ? [one.id, notOf(one)] : [one.id]));
  const own = Object.fromEntries(names.map((name) => [name, search[name]]));
  const [nots, setNots] = useState(new Set(filters.filter((one) => search[notOf(one)]).map((one) => one.id)));
  const [draft, setDraft] = useState<Search>(own);
  const [settled, setSettled] = useState<Search>(own);
  useEffect(() => {
    const later = setTimeout(() => setSettled(draft), WAIT_MS);
    return () => clearTimeout(later);
  }, [draft]);
  const change = (of: Search): void =>
    setDraft((now) =>
      Object.fromEntries(Object.entries({ ...now, ...of }).filter(([id]) => id !== "cursor")),
    );
  const { cursor: _c, open: _o, form: _f, part: _p, ...rest } = search;
  const asked = { ...rest, ...settled };
  const found = useQuery({
    queryKey: ["matching", asked],
    staleTime: 10_000,
    retry: false,
    queryFn: () => count(asked),
  });
  const ranges = rangesOf(filters);
  const single = filters.filter((one) => !ranges.some(([from, to]) => one === from || one === to));
  const page = draft === settled ? found.data : undefined;
  const total = page && (page.next ? (page.total_estimate ?? page.items.length) : page.items.length);
  return (
    <Modal
      open
      title={t("filter.all")}
      okText={t("filter.apply")}
      cancelText={t("cancel")}
      okButtonProps={{ "data-testid": "apply-filters" }}
      onCancel={close}
      onOk={() => {
        set({ ...draft, cursor: undefined });
        close();
      }}
    >
      <div className="all-filters">
        {single.map((one) => (
          <div key={one.id} className="field">
            <span aria-hidden>{one.label}</span>
            <div className="said">
              {one.not && (
                <Select
                  aria-label={t("filter.way", { name: one.label })}
                  data-testid={`way-${one.id}`}
                  choices={[
                    { value: "", label: t("filter.is") },
                    { value: "not", label: t("filter.is_not") },
                  ]}
                  value={nots.has(one.id) ? "not" : ""}
                  change={(way) => {
                    const now = new Set(nots);
                    if (way) now.add(one.id);
                    else now.delete(one.id);
                    setNots(now);
                    change(said(one, draft[one.id] ?? draft[notOf(one)], !!way));
                  }}
                />
              )}
              <Choice
                of={one}
                search={{ [one.id]: nots.has(one.id) ? draft[notOf(one)] : draft[one.id] }}
                change={(_, value) => change(said(one, value, nots.has(one.id)))}
              />
            </div>
          </div>
        ))}
        {ranges.map(([from, to]) => (
          <Days key={from.id} from={from} to={to} search={draft} set={change} />
        ))}
      </div>
      <p role="status" data-testid="would-match">
        {found.error ? (
          <Pending of={found} />
        ) : total === undefined ? (
          t("filter.counting")
        ) : (
          t(page?.next ? "filter.about" : "filter.matches", { count: total })
        )}
      </p>
      <button
        type="button"
        className="link"
        onClick={() => {
          setDraft(Object.fromEntries(names.map((name) => [name, undefined])));
          setNots(new Set());
        }}
      >
        {t("filter.clear")}
      </button>
    </Modal>
  );
}
