import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { Button, useAct } from "@/ui";
import { type Field, FormButton, waitsForApproval } from "@/ui/form";
import { type Edits, priced } from "./edits";
import { PricePreview } from "./PricePreview";

interface Props {
  edits: Edits;
  books: Of<"BookOut">[];
  forget: (book?: string) => void;
  done: () => Promise<void>;
}

/** What was written into the matrix: looked at, then from now on or from an instant; and back again. */
export function MatrixSave({ edits, books, forget, done }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [made, setMade] = useState<Of<"ChangeOut">[]>([]);
  const undo = useAct(
    async () => {
      for (const change of [...made].reverse())
        await got(
          api.POST("/console/v1/price-changes/{change_id}/undo", {
            params: { path: { change_id: change.id } },
            body: {},
          }),
        );
      setMade([]);
    },
    "pricematrix",
    "pricechanges",
    "pricelist",
  );
  const count = Object.values(edits).reduce((sum, of) => sum + Object.keys(of).length, 0);
  const of = (id: string) => books.find((book) => book.id === id);
  const fields: Field[] = [
    { kind: "moment", name: "valid_from", label: t("make.valid_from"), hint: t("make.valid_from_hint") },
    { kind: "text", name: "reason", label: t("f.reason"), most: 500, also: ["prices"] },
    ...(may("pricing.floor")
      ? [{ kind: "yes", name: "override_floor", label: t("make.override_floor") } as const]
      : []),
  ];
  if (!count && !made.length) return null;
  return (
    <div className="bulk" role="region" aria-label={t("matrix.changes", { count })}>
      {count > 0 ? (
        <>
          <strong>{t("matrix.changes", { count })}</strong>
          <FormButton
            name="matrix-save"
            label={t("matrix.look")}
            submit={t("matrix.write")}
            primary
            wide
            fields={fields}
            first={{ valid_from: "", reason: "", override_floor: false }}
            codes={{ starts_in_the_past: "valid_from" }}
            send={async (sent) => {
              // A change is of one book. What is written already is not written again when the next is refused.
              const changes: [string, Of<"ChangeOut">][] = [];
              let asked: Of<"ApprovalAsked"> | undefined;
              try {
                for (const [book_id, written] of Object.entries(edits)) {
                  const prices = priced(written, of(book_id)?.currency ?? "");
                  const body = { ...sent, book_id, prices } as Of<"PricesIn">;
                  const answer = await got(api.POST("/console/v1/prices", { body }));
                  if (waitsForApproval(answer)) asked = answer;
                  else changes.push([book_id, answer]);
                }
              } catch (error) {
                for (const [book] of changes) forget(book);
                setMade(changes.map(([, change]) => change));
                throw error;
              }
              if (asked) {
                forget();
                setMade(changes.map(([, change]) => change));
                return asked;
              }
              return changes.map(([, change]) => change);
            }}
            done={(changes) => {
              setMade((before) => (count ? [...before, ...changes] : changes));
              void done();
            }}
          >
            {() =>
              Object.entries(edits).map(([book, written]) => (
                <PricePreview
                  key={book}
                  title={t("matrix.look_book", { book: of(book)?.name })}
                  book={book}
                  prices={priced(written, of(book)?.currency ?? "")}
                />
              ))
            }
          </FormButton>
          <button type="button" className="link" onClick={() => forget()}>
            {t("matrix.forget")}
          </button>
        </>
      ) : (
        <>
          <span role="status">
            {t("matrix.made", { count: made.reduce((sum, one) => sum + one.entries, 0) })}
          </span>
          <Button data-testid="matrix-undo" loading={undo.isPending} onClick={() => undo.mutate(undefined)}>
            {t("prices.undo")}
          </Button>
          <button type="button" className="link" onClick={() => setMade([])}>
            {t("close")}
          </button>
        </>
      )}
    </div>
  );
}
