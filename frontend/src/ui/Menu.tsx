import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./kit";

interface Props {
  label: string;
  icon: ReactNode;
  testid?: string;
  plain?: boolean;
  children: (close: () => void) => ReactNode;
}

/** A button and what it opens below itself. */
export function Menu({ label, icon, testid, plain, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", escaped);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", escaped);
    };
  }, [open]);
  return (
    <span className="menu-box" ref={box}>
      <Button
        type={plain ? "text" : "default"}
        icon={icon}
        aria-label={label}
        title={label}
        aria-expanded={open}
        data-testid={testid}
        onClick={() => setOpen(!open)}
      />
      {open && <div className="menu-list">{children(() => setOpen(false))}</div>}
    </span>
  );
}
