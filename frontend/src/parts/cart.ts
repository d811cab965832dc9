import type { Of } from "@/api/client";
import { useDraft } from "./draft";
import type { Priced } from "./market/prices";

export interface InCart extends Partial<Priced> {
  sku_id: string;
  code: string;
  zh: string;
  en: string;
  quantity: number;
  unit_price: Of<"Money">;
  most: number;
}

/** What was chosen to be ordered; kept until it was. */
export function useCart() {
  const [lines, keep, clear] = useDraft<InCart[]>("cart", []);
  const put = (goods: Of<"MyGoodOut">[]): void => {
    const next = new Map(lines.map((one) => [one.sku_id, one]));
    for (const product of goods) {
      const known = next.get(product.sku_id);
      next.set(product.sku_id, {
        sku_id: product.sku_id,
        code: product.code,
        zh: product.name.zh,
        en: product.name.en,
        quantity: Math.min((known?.quantity ?? 0) + 1, product.max_quantity),
        unit_price: product.unit_price,
        suggested: product.suggested,
        profit: product.profit,
        prices: product.prices,
        tax_category: product.tax_category,
        most: product.max_quantity,
      });
    }
    keep([...next.values()]);
  };
  const count = (sku: string, quantity: number): void =>
    keep(
      lines.flatMap((one) =>
        one.sku_id !== sku ? [one] : quantity > 0 ? [{ ...one, quantity: Math.min(quantity, one.most) }] : [],
      ),
    );
  return { lines, put, count, clear };
}
