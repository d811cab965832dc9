import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { api, got } from "@/api/client";
import { useRoles } from "@/api/roles";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { RoleForm } from "@/parts/RoleForm";
import { AskButton, Bones, EmptyState, IconDone, PageTabs, Part, Screen, useAct, useListState } from "@/ui";

type Role = Of<"RoleOut">;
type Kind = Role["organisation_kinds"][number];
const KINDS: Kind[] = ["mall", "buyer", "supplier", "enterprise"];

export default function Roles() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const [search] = useListState();
  const kind = KINDS.find((one) => one === search.tab) ?? "mall";
  const roles = useRoles();
  const here = roles.filter((one) => one.organisation_kinds.includes(kind));
  const own = here.filter((one) => one.id);
  return (
    <Screen
      title={t("nav.roles")}
      text={t("roles.text")}
      actions={may("people.write") && <RoleForm key={kind} kind={kind} all={rightsOf(kind, roles)} />}
    >
      <PageTabs
        label={t("nav.roles")}
        tabs={KINDS.map((one) => ({ id: one, label: word("organisation_kind", one) }))}
      />
      {roles.length === 0 ? (
        <Bones />
      ) : (
        <>
          <Part title={t("roles.own")}>
            {own.length === 0 ? (
              <EmptyState title={t("roles.none")} text={t("roles.none_text")} />
            ) : (
              own.map((role) => (
                <Own key={`${role.id}-${role.version}`} role={role} kind={kind} all={rightsOf(kind, roles)} />
              ))
            )}
          </Part>
          <Part title={t("roles.matrix")}>
            <Matrix roles={here} rights={rightsOf(kind, roles)} />
          </Part>
        </>
      )}
    </Screen>
  );
}

/** What a role of that kind can be made of: all that its presets have together. */
function rightsOf(kind: Kind, roles: Role[]): string[] {
  const presets = roles.filter((one) => !one.id && one.organisation_kinds.includes(kind));
  return [...new Set(presets.flatMap((one) => one.permissions))].sort();
}

function Own({ role, kind, all }: { role: Role; kind: Kind; all: string[] }) {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  const may = useMay();
  const drop = useAct(
    () => got(api.DELETE("/console/v1/roles/{role_id}", { params: { path: { role_id: role.id ?? "" } } })),
    "names",
  );
  return (
    <div className="part" data-testid="own-role">
      <header>
        <h3>
          {said(role)} <small className="muted">{t("roles.held", { count: role.held ?? 0 })}</small>
        </h3>
        {may("people.write") && (
          <div className="acts">
            <RoleForm kind={kind} all={all} role={role} />
            <AskButton
              label={t("roles.delete")}
              effect={t("roles.delete_text")}
              danger
              disabled={(role.held ?? 0) > 0}
              testid="delete-role"
              run={() => drop.mutateAsync(undefined)}
            />
          </div>
        )}
      </header>
      <p className="wrap">{role.permissions.map((one) => word("permission", one)).join(", ")}</p>
    </div>
  );
}

function Matrix({ roles, rights }: { roles: Role[]; rights: string[] }) {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  return (
    <div className="small" tabIndex={0} role="region" aria-label={t("roles.matrix")}>
      <table>
        <thead>
          <tr>
            <th>{t("f.permissions")}</th>
            {roles.map((role) => (
              <th key={role.name}>{said(role)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rights.map((right) => (
            <tr key={right}>
              <th scope="row" title={right}>
                {word("permission", right)}
              </th>
              {roles.map((role) => (
                <td key={role.name}>
                  {role.permissions.includes(right) ? (
                    <IconDone role="img" aria-label={t("yes")} />
                  ) : (
                    <span className="muted">–</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
