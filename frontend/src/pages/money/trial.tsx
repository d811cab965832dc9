import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, Button, FaultNote, IconBad, IconGood, Money, moneyText, Part, Small } from "@/ui";
import { DayField, isDay } from "@/ui/form";
import { startOf } from "@/ui/Time";

type Book = Of<"TrialBookOut">;

function useTrial(query: { at?: string; recount?: boolean }) {
  return useQuery({
    queryKey: ["money-trial", query],
    queryFn: () => got(api.GET("/console/v1/trial-balance", { params: { query } })),
  });
}

/** Beside the page's title: whether the books come to nothing now. */
export function Balanced() {
  const { data } = useTrial({});
  return data ? <Verdict good={data.balanced} /> : null;
}

function Verdict({ good }: { good: boolean }) {
  const { t } = useTranslation();
  const Picture = good ? IconGood : IconBad;
  return (
    <span className={`tag ${good ? "good" : "bad"}`} role={good ? "status" : "alert"} data-testid="balanced">
      <Picture aria-hidden />
      {good ? t("funds.balanced") : t("funds.unbalanced")}
    </span>
  );
}

/** Debits and credits of every kind of account; they come to the same, or something is very wrong. */
export function Trial() {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  const [day, setDay] = useState("");
  const [recount, setRecount] = useState(false);
  const at = isDay(day) ? startOf(day, zone, 1) : undefined;
  const { data, error, isFetching, refetch } = useTrial({ at, ...(recount && { recount }) });
  return (
    <>
      <div className="acts gap">
        <DayField label={t("funds.end_of")} value={day} change={setDay} />
        <Button
          loading={isFetching && recount}
          data-testid="recount"
          onClick={() => (recount ? void refetch() : setRecount(true))}
        >
          {t("funds.recount")}
        </Button>
      </div>
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      {data?.off && (
        <Part title={t("funds.recounted")}>
          {data.off.length === 0 ? (
            <p role="status" data-testid="recounted">
              {t("funds.none_off")}
            </p>
          ) : (
            <Small
              rows={data.off}
              keyOf={(one) => one.account_id}
              none=""
              columns={[
                [t("funds.account"), (one) => `${one.owner} · ${word("account_kind", one.kind)}`],
                [t("f.balance"), (one) => <Money value={one.balance} />, "end"],
                [t("funds.by_transfers"), (one) => <Money value={one.by_transfers} />, "end"],
                [t("f.held"), (one) => <Money value={one.held} />, "end"],
                [t("funds.by_holds"), (one) => <Money value={one.by_holds} />, "end"],
              ]}
            />
          )}
        </Part>
      )}
      {data?.books.map((book) => (
        <BookPart key={`${book.currency} ${book.agent}`} book={book} />
      ))}
    </>
  );
}

function BookPart({ book }: { book: Book }) {
  const { t } = useTranslation();
  const word = useWord();
  const sum = { kind: null, accounts: null, debit: book.debit, credit: book.credit };
  return (
    <Part
      title={book.agent ? t("funds.agent", { currency: book.currency }) : book.currency}
      actions={<Verdict good={book.balanced} />}
    >
      <p data-testid={`difference-${book.currency}`}>
        {t("funds.difference", { amount: moneyText(book.difference) })}
      </p>
      <Small<
        Omit<Book["lines"][number], "kind" | "accounts"> & { kind: string | null; accounts: number | null }
      >
        rows={[...book.lines, sum]}
        keyOf={(one) => one.kind ?? "sum"}
        none=""
        columns={[
          [
            t("f.kind"),
            (one) => (one.kind ? word("account_kind", one.kind) : <strong>{t("f.total")}</strong>),
          ],
          [t("funds.accounts"), (one) => one.accounts, "end"],
          [t("funds.debit"), (one) => <Money value={one.debit} />, "end"],
          [t("funds.credit"), (one) => <Money value={one.credit} />, "end"],
        ]}
      />
    </Part>
  );
}
