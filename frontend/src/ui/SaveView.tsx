import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { FormButton } from "./form";

/** What is filtered now, kept under a name. */
export default function SaveView({
  page,
  search,
  position,
}: {
  page: string;
  search: string;
  position: number;
}) {
  const { t } = useTranslation();
  return (
    <FormButton
      name={`view-${page}`}
      label={t("views.save")}
      touched={["views"]}
      fields={[
        { kind: "text", name: "name", label: t("views.name"), must: true, most: 60 },
        { kind: "yes", name: "shared", label: t("views.share") },
      ]}
      first={{ name: "", shared: false }}
      send={({ name, shared }) =>
        got(
          api.PUT("/console/v1/views", {
            body: { page, search, position, name: String(name), shared: shared === true },
          }),
        )
      }
    />
  );
}
