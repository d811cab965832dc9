import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { CopyCode, Descriptions, Part, Pending, Small } from "@/ui";
import { FormButton } from "@/ui/form";

/** Where shops of other systems buy without new code. */
const FACES = [
  {
    name: "acg_faka",
    system: "faces.names.acg_faka",
    account: "faces.accounts.acg_faka",
    secret: "faces.secrets.acg_faka",
  },
  {
    name: "dujiao_next",
    system: "faces.names.dujiao_next",
    account: "faces.accounts.dujiao_next",
    secret: "faces.secrets.dujiao_next",
  },
  {
    name: "kakayun",
    system: "faces.names.kakayun",
    account: "faces.accounts.kakayun",
    secret: "faces.secrets.kakayun",
  },
  {
    name: "xianguanjia",
    system: "faces.names.xianguanjia",
    account: "faces.accounts.xianguanjia",
    secret: "faces.secrets.xianguanjia",
  },
] as const;

export function Faces() {
  const { t } = useTranslation();
  return (
    <>
      <p className="muted gap">{t("faces.text")}</p>
      <Part title={t("faces.addresses")}>
        <Small
          rows={[...FACES]}
          keyOf={(one) => one.name}
          none=""
          columns={[
            [t("faces.system"), (one) => t(one.system)],
            [t("f.address"), (one) => <CopyCode text={`${location.origin}/faces/${one.name}`} />],
            [t("faces.account"), (one) => t(one.account)],
            [t("faces.secret"), (one) => t(one.secret)],
          ]}
        />
      </Part>
      <Application />
    </>
  );
}

/** It signs with an application of the mall's besides; who entered its secret does not see it again. */
function Application() {
  const { t } = useTranslation();
  const may = useMay();
  const of = useQuery({
    queryKey: ["face-application"],
    queryFn: () => got(api.GET("/console/v1/faces/xianguanjia/application")),
  });
  if (!of.data) return <Pending of={of} />;
  const { app_id } = of.data;
  return (
    <Part
      title={t("faces.application")}
      actions={
        may("keys.write") && (
          <FormButton
            name="face-application"
            label={t(app_id ? "faces.change" : "faces.enter")}
            title={t("faces.application")}
            touched={["face-application"]}
            intro={<p className="muted">{t(app_id ? "faces.change_text" : "faces.enter_text")}</p>}
            fields={[
              { kind: "text", name: "app_id", label: t("faces.app_id"), must: true, most: 18, code: true },
              {
                kind: "text",
                name: "app_secret",
                label: t("faces.app_secret"),
                must: true,
                most: 128,
                secret: true,
                hint: t("faces.secret_hint"),
              },
            ]}
            first={{ app_id: app_id ?? "", app_secret: "" }}
            send={(sent) =>
              got(
                api.PUT("/console/v1/faces/xianguanjia/application", {
                  body: sent as unknown as Of<"ApplicationIn">,
                }),
              )
            }
          />
        )
      }
    >
      <Descriptions
        pairs={[
          [
            t("faces.app_id"),
            app_id ? (
              <CopyCode key="a" text={app_id} />
            ) : (
              <span key="n" className="muted" data-testid="no-application">
                {t("faces.none")}
              </span>
            ),
          ],
          !!app_id && [t("faces.app_secret"), t("faces.kept")],
        ]}
      />
    </Part>
  );
}
