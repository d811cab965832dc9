import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useConnections } from "@/api/names";
import { useMe } from "@/api/session";
import { Part } from "@/ui/Screen";
import { StatusTag } from "@/ui/StatusTag";
import { Time } from "@/ui/Time";

/** Do the suppliers answer? */
export function Lights() {
  const { t } = useTranslation();
  const me = useMe();
  const connections = useConnections();
  if (!connections.length) return null;
  return (
    <Part title={t("workbench.lights")}>
      <div className="cards">
        {connections.map((one) => (
          <Link
            key={one.id}
            to="/c/$org/connections"
            params={{ org: me.mall.slug }}
            search={{ open: one.id }}
            className="todo"
          >
            <span>{one.name}</span>
            <StatusTag kind="connection" code={one.state} />
            <small>
              <Time at={one.state_at} near /> {one.reason}
            </small>
          </Link>
        ))}
      </div>
    </Part>
  );
}
