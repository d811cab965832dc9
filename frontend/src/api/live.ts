import { useEffect, useRef } from "react";
import { useMay } from "./session";

/** What the server tells by itself, over one stream per tab; the browser comes back by itself when it breaks. */
export interface Told {
  job: {
    id: string;
    kind: string;
    state: string;
    done: number;
    total: number | null;
    unit: string;
    error: string;
    cancel_asked: boolean;
  };
  orders: { placed: number; kinds: Record<string, number>; order_ids: string[] };
  notice: { kind: string; new: number };
  own_orders: Record<string, never>;
  calls: { organisation_id: string; new: number };
  counters: { work: number; review: number; purchases: number };
  hello: { seq: string };
  inbox: { approvals: number; price_proposals: number; restocks: number; papers: number };
  decision: { id: string; act: string; state: string };
  mention: { id: string; act: string };
  resync: Record<string, never>;
}

/** Of whoever may hear the mall's events at all. */
const HEARS = [
  "orders.read",
  "jobs.read",
  "fulfilment.read",
  "approvals.decide",
  "keys.read",
  "own.keys.write",
  "stock.read",
  "catalog.read",
  "partners.read",
  "supply.read",
  "settlement.read",
  "audit.read",
  "ledger.read",
  "own.balance.read",
  "own.orders.read",
];

let stream: EventSource | undefined;
let listeners = 0;

/** Hear one kind of event while this is on the screen. The last listener who leaves closes the stream. */
export function useLive<Kind extends keyof Told>(kind: Kind, hear: (told: Told[Kind]) => void): void {
  const latest = useRef(hear);
  latest.current = hear;
  const hears = HEARS.some(useMay());
  useEffect(() => {
    if (!hears) return;
    stream ??= new EventSource("/console/v1/events");
    const mine = stream;
    const heard = (event: MessageEvent<string>): void => latest.current(JSON.parse(event.data));
    mine.addEventListener(kind, heard as EventListener);
    listeners++;
    return () => {
      mine.removeEventListener(kind, heard as EventListener);
      if (--listeners > 0) return;
      mine.close();
      stream = undefined;
    };
  }, [kind, hears]);
}
