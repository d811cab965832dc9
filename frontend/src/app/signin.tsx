import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import type { Me } from "@/api/session";
import { FaultNote } from "@/ui/FaultNote";
import { Input } from "@/ui/fields";
import { Button } from "@/ui/kit";

interface Props {
  mall: string;
  email: string;
  password?: string;
  /** Of the example mall; only where the server names them. */
  people?: { title: string; text: string; of: { email: string; name: string; role: string }[] } | null;
  fixed?: boolean;
  done: (me: Me) => void | Promise<void>;
}

export function SignInForm(props: Props) {
  const { t } = useTranslation();
  const [mall, setMall] = useState(props.mall);
  const [email, setEmail] = useState(props.email);
  const [password, setPassword] = useState(props.password ?? "");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(undefined);
    try {
      const body = { mall: mall.trim(), email: email.trim(), password };
      await props.done(await got(api.POST("/console/v1/sessions", { body })));
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
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
