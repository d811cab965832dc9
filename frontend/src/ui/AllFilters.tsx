import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice, Days, type Filter, rangesOf } from "./FilterBar";
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
  const own = Object.fromEntries(filters.map((one) => [one.id, search[one.id]]));
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
            <Choice of={one} search={draft} change={(id, value) => change({ [id]: value })} />
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
        onClick={() => setDraft(Object.fromEntries(filters.map((one) => [one.id, undefined])))}
      >
        {t("filter.clear")}
      </button>
    </Modal>
  );
}
