import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { Modal } from "@/ui/kit";
import { Pending } from "@/ui/Pending";
import { open as openTo } from "./nav";
import { prefs, setPrefs } from "./prefs";

interface Entry {
  key: string;
  kind: string;
  label: string;
  more?: string;
  go: () => void;
}

interface Hit {
  kind: string;
  id: string;
  title?: string;
  title_zh?: string;
  title_en?: string;
  detail?: string;
  seq?: number | null;
}

/** Where a hit of the server is opened. */
const PLACES: Record<string, string> = {
  order: "orders",
  sku: "goods",
  buyer: "customers",
  supplier: "suppliers",
  batch: "vault",
  code: "vault",
  purchase: "purchases",
  connection: "connections",
  job: "jobs",
  person: "people",
};

/** Pages, acts and, by any number or name, what the server finds. */
export function Palette({ open, close }: { open: boolean; close: () => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const may = useMay();
  const router = useRouter();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim();
  const go = (page: string, search = ""): void =>
    router.history.push(`/console/c/${me.mall.slug}${page}${search}`);
  const searched = useQuery({
    queryKey: ["search", wanted],
    enabled: open && wanted.length > 1,
    retry: false,
    queryFn: () => find(wanted, may("orders.read")),
  });
  const fixed: Entry[] = [
    ...openTo(may).map((page) => ({
      key: page.id,
      kind: t("palette.page"),
      label: t(`nav.${page.id}`),
      go: () => go(page.id === "workbench" ? "" : `/${page.id}`),
    })),
    {
      key: "lang",
      kind: t("palette.act"),
      label: t("other_language"),
      go: () => setPrefs({ lang: prefs().lang === "en" ? "zh-CN" : "en" }),
    },
    ...(["light", "dark", "system"] as const).map((theme) => ({
      key: theme,
      kind: t("palette.act"),
      label: `${t("theme.label")}: ${t(`theme.${theme}`)}`,
      go: () => setPrefs({ theme }),
    })),
  ];
  const zh = i18n.language.startsWith("zh");
  const found: Entry[] = (searched.data ?? []).flatMap((hit) => {
    // A buyer's people have a page of their own for their orders.
    const place = hit.kind === "order" && !may("orders.read") ? "my-orders" : PLACES[hit.kind];
    return place
      ? [
          {
            key: `${hit.kind} ${hit.id} ${hit.seq ?? ""}`,
            kind: t(`nav.${place}` as "nav.orders"),
            label: (zh ? hit.title_zh : hit.title_en) ?? hit.title ?? hit.id,
            more: hit.detail,
            go: () =>
              go(
                `/${place}`,
                hit.seq
                  ? `?tab=trace&batch=${encodeURIComponent(hit.id)}&seq=${hit.seq}`
                  : `?open=${encodeURIComponent(hit.id)}`,
              ),
          },
        ]
      : [];
  });
  const low = wanted.toLowerCase();
  const entries = [...found, ...fixed.filter((one) => `${one.label} ${one.key}`.toLowerCase().includes(low))];
  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    setText("");
    entry.go();
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((now) => Math.max(0, Math.min(entries.length - 1, now + step)));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      title={null}
      className="palette"
      aria-label={t("palette.open")}
      destroyOnHidden
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: a palette is opened to write in it
        autoFocus
        className="find"
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
        aria-label={t("palette.open")}
        placeholder={t("palette.hint")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id="palette-list" role="listbox" aria-label={t("palette.open")}>
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseEnter={() => setAt(index)}
            onClick={() => run(entry)}
            onKeyDown={pressed}
          >
            <span>
              {entry.label} {entry.more && <span className="muted">{entry.more}</span>}
            </span>
            <small>{entry.kind}</small>
          </div>
        ))}
      </div>
      {!searched.data && <Pending of={searched} rows={1} />}
      {entries.length === 0 && !searched.error && !searched.isLoading && (
        <p className="muted">{t("palette.nothing")}</p>
      )}
    </Modal>
  );
}

/** By the server's search where there is one, else orders by any of their numbers. */
async function find(text: string, orders: boolean): Promise<Hit[]> {
  const found = await ask<{ items: Hit[] }>("/console/v1/search", { q: text });
  if (found) return found.items;
  if (!orders) return [];
  const { items } = await got(api.GET("/console/v1/cases", { params: { query: { number: text } } }));
  return items.map(({ order }) => ({
    kind: "order",
    id: order.id,
    title: order.order_no,
    detail: order.buyer_name,
  }));
}
