import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconDown, IconUp } from "./icons";
import { Button, Drawer } from "./kit";

interface Props {
  open: boolean;
  title: ReactNode;
  before?: () => void;
  after?: () => void;
  close: () => void;
  children: ReactNode;
}

/** One row over its list; the arrows walk on, Escape goes back to where one was. */
export function DetailDrawer({ open, title, before, after, close, children }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={open}
      onClose={close}
      title={title}
      size={760}
      mask={{ blur: false }}
      destroyOnHidden
      closable={{ "aria-label": t("close") }}
      data-testid="detail"
      extra={
        <span className="walk">
          <Button
            aria-label={t("table.before")}
            disabled={!before}
            icon={<IconUp aria-hidden />}
            onClick={before}
          />
          <Button
            aria-label={t("table.after")}
            disabled={!after}
            icon={<IconDown aria-hidden />}
            onClick={after}
          />
        </span>
      }
    >
      {children}
    </Drawer>
  );
}
