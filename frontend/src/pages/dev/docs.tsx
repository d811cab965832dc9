import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Reference } from "@/parts/dev/reference/Reference";
import { Part } from "@/ui";

const PAGES = [
  ["dev.doc.start", "dev.doc.start_text", "/docs"],
  ["dev.doc.reference", "dev.doc.reference_text", "/docs/reference"],
  ["dev.doc.errors", "dev.doc.errors_text", "/docs/errors"],
  ["dev.doc.sandbox", "dev.doc.sandbox_text", "/docs/sandbox"],
  ["dev.doc.changelog", "dev.doc.changelog_text", "/docs/changelog"],
  ["dev.doc.postman", "dev.doc.postman_text", "/docs/postman.json"],
  ["dev.doc.openapi", "dev.doc.openapi_text", "/openapi.json"],
  ["dev.doc.llms", "dev.doc.llms_text", "/docs/llms.txt"],
] as const;

/** The public documents, by what one looks for; and each operation with the reader's own test key. */
export function Docs() {
  const { t, i18n } = useTranslation();
  // A supplier's keys have no test mode; his operations stand with his keys.
  const supplier = useMay()("own.supply.write");
  const lang = i18n.language.startsWith("zh") ? "" : "?lang=en";
  return (
    <>
      <Part title={t("dev.docs")}>
        <div className="cards">
          {PAGES.map(([name, text, path]) => (
            <a
              key={path}
              className="todo"
              href={path.startsWith("/docs") && !path.endsWith(".txt") ? `${path}${lang}` : path}
              download={path.endsWith("postman.json") ? "commissary.postman_collection.json" : undefined}
              target="_blank"
              rel="noreferrer"
            >
              <span>{t(name)}</span>
              <small>{t(text)}</small>
            </a>
          ))}
        </div>
      </Part>
      {!supplier && <Reference />}
    </>
  );
}
