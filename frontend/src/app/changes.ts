/** What each kind of job changes: the queries that are read again when one has ended. */
export const CHANGES: Record<string, readonly string[]> = {
  "settlement.reconcile": ["days", "differences", "statements"],
  "orders.recall": ["batches"],
  "bulk.upload": [
    "upload",
    "batches",
    "skus",
    "products",
    "stock",
    "low",
    "prices",
    "pricelist",
    "pricematrix",
    "pricechanges",
    "names",
  ],
  "bulk.act": ["skus", "batches", "stock", "low", "buyers", "orders", "work", "dev-deliveries"],
  "bulk.export": [],
  "notify.resend": ["dev-deliveries"],
};
