import { queryOptions } from "@tanstack/react-query";
import { ask } from "@/api/client";
import { learn } from "@/i18n";

interface Word {
  code: string;
  zh: string;
  en: string;
}

// The server's names of its enums, by ours.
const KINDS: Record<string, string> = {
  order_status: "order",
  line_status: "line",
  line_mode: "mode",
  risk_verdict: "verdict",
  // What an order or a line waits for says which rule it was.
  risk_hit: "reason",
  purchase_status: "purchase",
  sku_status: "sku",
  sku_kind: "kind",
  instrument_class: "instrument",
  field_type: "field",
  batch_state: "batch",
  organisation_status: "company",
  account_state: "account",
  supplier_grade: "grade",
  paper_status: "paper",
  paper_kind: "paperkind",
  quarantine_status: "quarantine",
  quarantine_cause: "cause",
  connection_state: "connection",
  price_book_kind: "book",
  price_change_kind: "change",
  difference_status: "difference",
  difference_kind: "differencekind",
  difference_resolution: "resolution",
  statement_day_status: "day",
  job_status: "job",
  webhook_delivery_state: "delivery",
  key_state: "key",
  actor_kind: "actor",
  audit_action: "action",
  transfer_kind: "transfer",
  role: "role",
  request_status: "request",
  request_whose: "whose",
  department_status: "department",
  budget_direction: "direction",
  refusal: "refusal",
};

/** The server's words for its codes: it alone has them, so they are there before the first page is. */
export const wordsQuery = queryOptions({
  queryKey: ["enums"],
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  queryFn: async () => {
    const found = await ask<{ enums: Record<string, Word[]> }>("/console/v1/meta/enums");
    learn(
      Object.entries(found?.enums ?? {}).flatMap(([name, words]) =>
        words.map((one): [string, Word] => [`${KINDS[name] ?? name}.${one.code}`, one]),
      ),
    );
    return found ?? {};
  },
});
