import { Link } from "@tanstack/react-router";
import { useMay, useMe } from "@/api/session";
import type { PageId } from "@/app/nav";

interface Props {
  /** Who has not the right is shown nothing. */
  needs: string;
  page: PageId | "import";
  search?: Record<string, string>;
  label: string;
}

/** The one thing to do where nothing is yet: it leads to the page and the form for it. */
export function Go({ needs, page, search, label }: Props) {
  const may = useMay();
  const me = useMe();
  if (!may(needs)) return null;
  return (
    <Link
      className="button"
      data-testid="go"
      to={`/c/$org/${page}` as "/c/$org/goods"}
      params={{ org: me.mall.slug }}
      search={search ?? {}}
    >
      {label}
    </Link>
  );
}
