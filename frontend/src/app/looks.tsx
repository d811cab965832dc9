import { useTranslation } from "react-i18next";
import { IconLang, IconMoon, IconSun } from "@/ui/icons";
import { Button } from "@/ui/kit";
import { Menu } from "@/ui/Menu";
import { setPrefs, useDark, usePrefs } from "./prefs";

/** Language and theme, at once and without a reload. */
export function Looks() {
  const { t } = useTranslation();
  const { lang, theme } = usePrefs();
  const dark = useDark();
  const other = lang === "en" ? "zh-CN" : "en";
  return (
    <span className="looks">
      <Button
        type="text"
        data-testid="lang"
        lang={other}
        title={t("other_language")}
        icon={<IconLang aria-hidden />}
        onClick={() => setPrefs({ lang: other })}
      >
        {t("other_language")}
      </Button>
      <Menu
        plain
        testid="theme"
        label={t("theme.label")}
        icon={dark ? <IconMoon aria-hidden /> : <IconSun aria-hidden />}
      >
        {(close) =>
          (["light", "dark", "system"] as const).map((key) => (
            <button
              key={key}
              type="button"
              aria-pressed={theme === key}
              data-testid={`theme-${key}`}
              onClick={() => {
                setPrefs({ theme: key });
                close();
              }}
            >
              {t(`theme.${key}`)}
            </button>
          ))
        }
      </Menu>
    </span>
  );
}
