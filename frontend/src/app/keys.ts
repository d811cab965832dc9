import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMay, useMe } from "@/api/session";
import { writing } from "@/ui/list";
import { open } from "./nav";

/** Keys that work on every page; lists have theirs (DataTable). */
export function useKeys(on: { palette: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const me = useMe();
  const may = useMay();
  const went = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        on.palette();
      }
      if (writing(event)) return;
      if (Date.now() - went.current < 1000) {
        went.current = 0;
        const page = open(may).find((one) => one.key === event.key);
        if (!page) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        void navigate({
          to: page.id === "workbench" ? "/c/$org" : `/c/$org/${page.id}`,
          params: { org: me.mall.slug },
        });
      } else if (event.key === "g") went.current = Date.now();
      else if (event.key === "?") on.help();
    };
    window.addEventListener("keydown", pressed, true);
    return () => window.removeEventListener("keydown", pressed, true);
  });
}
