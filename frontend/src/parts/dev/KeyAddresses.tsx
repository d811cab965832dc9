import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import type { Page } from "@/ui";
import { FormButton } from "@/ui/form";
import { useRoot } from "./audience";

type Held = Pick<Of<"KeyListedOut">, "id" | "organisation_id" | "ip_allow" | "version">;

/** From where a key may call, as it is now and as it shall be. */
export function KeyAddresses({ held, touched }: { held: Held; touched: string }) {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const params = { path: { key_id: held.id } };
  const mode = held.id.startsWith("ck_test_") ? "test" : undefined;
  return (
    <FormButton
      name={`addresses-${held.id}`}
      label={t("dev.edit_addresses")}
      intro={<p className="muted">{t("dev.edit_addresses_text")}</p>}
      fields={[
        {
          kind: "list",
          name: "ip_allow",
          label: t("key.ip"),
          hint: t("key.ip_hint"),
          example: "203.0.113.0/24",
        },
      ]}
      first={{ ip_allow: held.ip_allow.join("\n") }}
      version={held.version}
      fresh={async () => {
        const now = await read(root, own ? undefined : held.organisation_id, mode, held);
        return { values: { ip_allow: now.ip_allow.join("\n") }, version: now.version };
      }}
      touched={[touched]}
      send={({ ip_allow }, { version }) => {
        const body = { ip_allow: (ip_allow ?? []) as string[], version };
        return own
          ? got(api.PATCH("/console/v1/own/keys/{key_id}", { params, body }))
          : got(api.PATCH("/console/v1/keys/{key_id}", { params, body }));
      }}
    />
  );
}

/** The key as it is by now. A list says so, page by page: there is no reading of one alone. */
async function read(
  root: string,
  organisation_id: string | undefined,
  mode: string | undefined,
  held: Held,
): Promise<Held> {
  let cursor: string | undefined;
  do {
    const query = { organisation_id, mode, cursor, size: "200" };
    const page: Page<Held> | null = await ask(`${root}/keys`, query);
    const found = page?.items.find((one) => one.id === held.id);
    if (found) return found;
    cursor = page?.next ?? undefined;
  } while (cursor);
  return held;
}
