import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../kit";
import type { Field, Values } from "./fields";
import type { Clash, merge } from "./values";

interface Props {
  found: ReturnType<typeof merge>;
  fields: Field[];
  /** The fields that both changed, as they shall be. */
  take: (chosen: Values) => void;
}

const said = (value: unknown): string =>
  value === undefined || value === null || value === ""
    ? "–"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** Somebody else saved meanwhile: what both changed is chosen, the rest is put together. */
export function Conflict({ found, fields, take }: Props) {
  const { t } = useTranslation();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const label = (name: string): string => fields.find((f) => f.name === name)?.label ?? name;
  const choose = (clash: Clash, of: boolean): void => {
    const next = new Set(theirs);
    if (of) next.add(clash.name);
    else next.delete(clash.name);
    setTheirs(next);
  };
  return (
    <section className="note conflict" role="alert" data-testid="conflict">
      <h3>{t("form.conflict")}</h3>
      <p>{t(found.clashes.length ? "form.conflict_both" : "form.conflict_apart")}</p>
      {found.taken.length > 0 && (
        <ul>
          {found.taken.map((one) => (
            <li key={one.name}>
              {label(one.name)}: <ins>{said(one.theirs)}</ins>
            </li>
          ))}
        </ul>
      )}
      {found.clashes.map((clash) => (
        <fieldset key={clash.name}>
          <legend>{label(clash.name)}</legend>
          <label className="tick">
            <input
              type="radio"
              name={`conflict-${clash.name}`}
              checked={!theirs.has(clash.name)}
              onChange={() => choose(clash, false)}
            />
            {t("form.keep_mine")} <ins>{said(clash.mine)}</ins>
          </label>
          <label className="tick">
            <input
              type="radio"
              name={`conflict-${clash.name}`}
              data-testid={`theirs-${clash.name}`}
              checked={theirs.has(clash.name)}
              onChange={() => choose(clash, true)}
            />
            {t("form.take_theirs")} <ins>{said(clash.theirs)}</ins>
          </label>
        </fieldset>
      ))}
      <Button
        data-testid="conflict-go"
        onClick={() =>
          take(
            Object.fromEntries(
              found.clashes.map((clash) => [clash.name, theirs.has(clash.name) ? clash.theirs : clash.mine]),
            ),
          )
        }
      >
        {t("form.conflict_go")}
      </Button>
    </section>
  );
}
