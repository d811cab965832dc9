import { useQuery } from "@tanstack/react-query";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { StatusTag } from "@/ui";

export type Request = Of<"RequestOut">;

const TONES = {
  asked: "wait",
  approved: "busy",
  placed: "good",
  refused: "bad",
  withdrawn: "off",
  failed: "bad",
} as const;

export function RequestTag({ one }: { one: Request }) {
  return <StatusTag kind="request" code={one.status} tone={TONES[one.status]} />;
}

/** What can be asked for; `q` is part of a name or article number. */
export function useGoods(q = "") {
  const may = useMay();
  return useQuery({
    queryKey: ["goods-to-ask", q],
    enabled: may("own.requests.write"),
    staleTime: 60_000,
    queryFn: () => got(api.GET("/console/v1/own/request-goods", { params: { query: { q } } })),
  });
}

export function useGoodName(): (sku: string) => string {
  const said = useSaid();
  const { data } = useGoods();
  const by = new Map((data?.items ?? []).map((one) => [one.sku_id, one]));
  return (sku) => {
    const one = by.get(sku);
    return one ? said({ zh: one.name_zh, en: one.name_en }) : sku;
  };
}
