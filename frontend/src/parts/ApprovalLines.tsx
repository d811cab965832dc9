import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { nameIn, useBooks, useSkuName } from "@/api/names";
import { useWord } from "@/i18n";
import { Button, Descriptions, Part, Small, Time } from "@/ui";

/** Everything that a request would change, one by one: what stands under its floor and what moves farthest on top. */
export function ApprovalLines({ one }: { one: Of<"ApprovalOut"> }) {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const book = nameIn(useBooks());
  const [warned, setWarned] = useState(false);
  const lines = useInfiniteQuery({
    queryKey: ["approval", one.id, "lines", warned],
    queryFn: ({ pageParam }) =>
      got(
        api.GET("/console/v1/approvals/{approval_id}/lines", {
          params: { path: { approval_id: one.id }, query: { warned, cursor: pageParam, size: 50 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { data, hasNextPage, fetchNextPage, isFetching } = lines;
  const below = Number(one.after.below_floor ?? 0);
  return (
    <Part title={t("approvals.lines", { count: one.lines })}>
      <Counts of={one.after} open={one.status === "open"} />
      {below > 0 && (
        <label>
          <input
            type="checkbox"
            data-testid="lines-warned"
            checked={warned}
            onChange={(event) => setWarned(event.target.checked)}
          />{" "}
          {t("approvals.lines_warned", { count: below })}
        </label>
      )}
      <div data-testid="approval-lines">
        <Small
          of={lines}
          rows={data?.pages.flatMap((page) => page.items) ?? []}
          keyOf={(line) => String(line.n)}
          none=""
          columns={[
            [
              t("f.sku"),
              (line) => (
                <span className="two">
                  {skuName(line.subject.slice(4))}
                  <small className="muted">{`${book(line.place.slice(5))} · ${line.currency}`}</small>
                </span>
              ),
            ],
            [
              t("audit.before"),
              (line) => (line.before ? <del>{line.before}</del> : t("approvals.comes")),
              "end",
            ],
            [t("audit.after"), (line) => (line.after ? <ins>{line.after}</ins> : t("approvals.goes")), "end"],
            [t("approvals.move"), (line) => <Move bp={line.move_bp} />, "end"],
            [
              t("approvals.note"),
              (line) => line.warning && <span className="tag bad">{t("approvals.below_floor")}</span>,
            ],
          ]}
        />
      </div>
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("approvals.lines_more")}
        </Button>
      )}
    </Part>
  );
}

const COUNTS = [
  "file",
  "undo",
  "rows",
  "prices",
  "prices_up",
  "prices_down",
  "prices_new",
  "prices_gone",
  "below_floor",
  "rows_left_out",
];

/** Of a sheet: what it comes to. What there is none of is left out. */
function Counts({ of, open }: { of: Record<string, unknown>; open: boolean }) {
  const { t } = useTranslation();
  const word = useWord();
  const told = COUNTS.filter((name) => of[name]);
  if (!of.file) return null;
  return (
    <Descriptions
      pairs={[
        ...told.map((name): [string, string] => [
          word("change_field", name),
          name === "undo" ? t("yes") : String(of[name]),
        ]),
        of.valid_from
          ? [
              word("change_field", "valid_from"),
              <span key="v">
                <Time at={String(of.valid_from)} />
                {open && Date.parse(String(of.valid_from)) < Date.now() && (
                  <span className="tag warn"> {t("approvals.late")}</span>
                )}
              </span>,
            ]
          : null,
      ]}
    />
  );
}

function Move({ bp }: { bp: number | null }) {
  if (bp === null) return <span className="muted">–</span>;
  return <span className="money">{`${bp > 0 ? "+" : "−"}${(Math.abs(bp) / 100).toFixed(2)} %`}</span>;
}
