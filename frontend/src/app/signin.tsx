import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { Fault } from "@/api/errors";
import { type Answer, passkeysHere, usePasskey } from "@/api/passkey";
import type { Me } from "@/api/session";
import type { Factor } from "@/api/stepup";
import { FaultNote } from "@/ui/FaultNote";
import { Input } from "@/ui/fields";
import { Button } from "@/ui/kit";
import { FactorForm } from "./factor";

interface Props {
  mall: string;
  email: string;
  password?: string;
  /** Of the example mall; only where the server names them. */
  people?: { title: string; text: string; of: { email: string; name: string; role: string }[] } | null;
  fixed?: boolean;
  done: (me: Me) => void | Promise<void>;
}

/** The facts of `second_factor_required`. */
interface Second {
  sign_in_token: string;
  factors: Factor[];
}

export function SignInForm(props: Props) {
  const { t } = useTranslation();
  // Which mall it is may be told while he is in the field already: from then on it is his.
  const [typed, setMall] = useState<string>();
  const mall = typed ?? props.mall;
  const [email, setEmail] = useState(props.email);
  const [password, setPassword] = useState(props.password ?? "");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [second, setSecond] = useState<Second>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(undefined);
    try {
      const body = { mall: mall.trim(), email: email.trim(), password };
      await props.done(await got(api.POST("/console/v1/sessions", { body })));
    } catch (error) {
      const facts = error instanceof Fault ? error.problem?.facts : undefined;
      if (facts?.sign_in_token) setSecond(facts as unknown as Second);
      else setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const byPasskey = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const of = { mall: mall.trim() };
      const { options } = await got(api.POST("/console/v1/sessions/passkey/options", { body: of }));
      const assertion = await usePasskey(options);
      await props.done(await got(api.POST("/console/v1/sessions/passkey", { body: { ...of, assertion } })));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) setFault(error);
    } finally {
      setBusy(false);
    }
  };
  if (second) return <SecondStep second={second} done={props.done} again={() => setSecond(undefined)} />;
  return (
    <form className="signin" onSubmit={(event) => void submit(event)}>
      <FaultNote error={fault} />
      <label className="field">
        <span>{t("login.mall")}</span>
        <Input
          value={mall}
          name="mall"
          required
          disabled={props.fixed}
          autoComplete="organization"
          onFocus={() => setMall(mall)}
          onBlur={() => setMall(typed || undefined)}
          onChange={(e) => setMall(e.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("login.email")}</span>
        <Input
          value={email}
          name="email"
          type="email"
          required
          autoComplete="username"
          onChange={(e) => setEmail(e.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("login.password")}</span>
        <Input
          value={password}
          name="password"
          type="password"
          required
          autoComplete="current-password"
          onChange={(e) => setPassword(e.target.value)}
        />
      </label>
      <Button type="primary" htmlType="submit" block loading={busy} data-testid="sign-in">
        {t("login.enter")}
      </Button>
      {passkeysHere && (
        <Button block disabled={busy || !mall.trim()} data-testid="passkey" onClick={() => void byPasskey()}>
          {t("signing.passkey_alone")}
        </Button>
      )}
      {props.people && (
        <fieldset className="demo">
          <legend>{props.people.title}</legend>
          <p className="muted">{props.people.text}</p>
          {props.people.of.map((one) => (
            <button
              key={one.email}
              type="button"
              className="chip"
              title={`${one.name} ${one.email}`}
              onClick={() => setEmail(one.email)}
            >
              {one.role}
            </button>
          ))}
        </fieldset>
      )}
    </form>
  );
}

function SecondStep({ second, done, again }: { second: Second; done: Props["done"]; again: () => void }) {
  const { t } = useTranslation();
  const { sign_in_token } = second;
  const enter = async (body: { code?: string; recovery?: string; assertion?: Answer }) =>
    done(await got(api.POST("/console/v1/sessions/factor", { body: { sign_in_token, ...body } })));
  return (
    <>
      <p className="muted">{t("signing.second_text")}</p>
      <FactorForm
        factors={second.factors}
        label={t("login.enter")}
        give={async ({ code, recovery }) => enter({ code, recovery })}
        passkey={async () => {
          const body = { sign_in_token };
          const { options } = await got(api.POST("/console/v1/sessions/factor/options", { body }));
          await enter({ assertion: await usePasskey(options) });
        }}
      />
      <button type="button" className="link" onClick={again}>
        {t("signing.back")}
      </button>
    </>
  );
}
