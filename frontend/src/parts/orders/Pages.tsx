import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { Bones, Button, FaultNote, Part } from "@/ui";
import "./slip.css";

/** The public page of each delivered code as a QR code; the mall's people go on from there to where the code came from. */
export function Pages({ id, own }: { id: string; own?: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const [shown, setShown] = useState(false);
  if (!own && !may("provenance.read")) return null;
  return (
    <Part title={t("custody.pages")}>
      <p className="muted">{t("custody.pages_text")}</p>
      {shown ? (
        <Pictures id={id} own={own} />
      ) : (
        <Button data-testid="show-pages" onClick={() => setShown(true)}>
          {t("custody.show")}
        </Button>
      )}
    </Part>
  );
}

function Pictures({ id, own }: { id: string; own?: boolean }) {
  const { t } = useTranslation();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: [own ? "own-orders" : "orders", "pages", id],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: { next: string | null }) => last.next ?? undefined,
    queryFn: ({ pageParam: cursor }) => {
      const params = { path: { order_id: id }, query: { cursor } };
      return own
        ? got(api.GET("/console/v1/own/orders/{order_id}/pages", { params }))
        : got(api.GET("/console/v1/orders/{order_id}/pages", { params }));
    },
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={3} />;
  return (
    <>
      <ul className="qrs">
        {data.pages
          .flatMap((page): (Of<"QrOut"> | Of<"QrOfCodeOut">)[] => page.items)
          .map((one) => (
            <Picture key={`${one.line_no}.${one.n}`} of={one} />
          ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("pages.more")}
        </Button>
      )}
    </>
  );
}

function Picture({ of }: { of: Of<"QrOut"> | Of<"QrOfCodeOut"> }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const piece = `${of.line_no}.${of.n}`;
  const lies = "batch_id" in of && of.batch_id && of.seq ? { batch: of.batch_id, seq: String(of.seq) } : null;
  return (
    <li data-testid="qr">
      <a href={of.url} target="_blank" rel="noreferrer">
        <img
          className="qr"
          alt={t("custody.page", { n: piece })}
          src={`data:image/svg+xml;base64,${btoa(of.qr_svg)}`}
          width={148}
          height={148}
        />
      </a>
      <span>
        {`#${piece}`}{" "}
        {lies && may("stock.read") && (
          <Link to="/c/$org/vault" params={{ org: me.mall.slug }} search={{ tab: "trace", ...lies }}>
            {t("custody.go")}
          </Link>
        )}
      </span>
    </li>
  );
}
