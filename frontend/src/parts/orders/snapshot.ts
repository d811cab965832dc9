import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "@/api/client";
import { useSaid } from "@/i18n";

type Line = Of<"SnapshotLine">;

/** What of a SKU's version is told of a sale. */
export interface AsSold {
  name_zh?: string;
  name_en?: string;
  code?: string;
  issuer?: string;
  regions?: string[];
  validity_days?: number | null;
  description_zh?: string;
  description_en?: string;
  guide_zh?: string;
  guide_en?: string;
}

export const asSold = (line: Line): AsSold => line.sku as AsSold;

/** The order as it was sold, whatever became of its goods since. `own`: for the buyer's people. */
export function useSold(id: string, own: boolean) {
  const params = { path: { order_id: id } };
  return useQuery({
    queryKey: [own ? "own-orders" : "orders", "snapshot", id],
    queryFn: () =>
      own
        ? got(api.GET("/console/v1/own/orders/{order_id}/snapshot", { params }))
        : got(api.GET("/console/v1/orders/{order_id}/snapshot", { params })),
  });
}

/** A line's name as it was sold; its SKU's number where that is not known yet. */
export function useSoldName(sold: Of<"SnapshotOut"> | undefined): (line: number, sku: string) => string {
  const said = useSaid();
  const names = new Map(
    sold?.lines.map((one) => {
      const { name_zh, name_en } = asSold(one);
      return [one.line_no, said({ zh: name_zh ?? "", en: name_en ?? "" })];
    }),
  );
  return (line, sku) => names.get(line) || sku;
}
