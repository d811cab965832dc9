import { App, ConfigProvider, theme } from "antd";
import type { Locale } from "antd/es/locale";
import english from "antd/es/locale/en_US";
import { type ReactNode, useEffect, useState } from "react";
import { useDark, usePrefs } from "@/app/prefs";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// Some of antd's parts write a style element without asking for the nonce (the scroll lock of drawers): it gets it here.
const make = document.createElement.bind(document);
document.createElement = ((tag: string, options?: ElementCreationOptions) => {
  const made = make(tag, options);
  if (tag === "style") made.nonce = nonce;
  return made;
}) as typeof document.createElement;
const SHARED = { borderRadius: 6, fontSize: 14, motion: !navigator.webdriver };
// Contrast of 4.5 to 1 and more, in both themes: placeholders, hints and what is pointed at too.
const LIGHT = {
  colorPrimary: "#0b6b66",
  colorLink: "#0b6b66",
  colorLinkHover: "#08524e",
  colorLinkActive: "#08524e",
  colorError: "#b42318",
  colorWarning: "#8a5200",
  colorSuccess: "#1a6b37",
  colorTextPlaceholder: "#5f6b68",
  colorTextDescription: "#56625f",
  colorTextTertiary: "#56625f",
  colorTextDisabled: "#5f6b68",
  colorBgContainer: "#ffffff",
  colorText: "#1a2422",
};
const DARK = {
  colorPrimary: "#1f8f86",
  colorPrimaryHover: "#1a7a73",
  colorLink: "#5cc9bf",
  colorLinkHover: "#8fdcd4",
  colorLinkActive: "#8fdcd4",
  colorError: "#ff958a",
  colorTextPlaceholder: "#98a5a2",
  colorTextDescription: "#a3b0ad",
  colorTextTertiary: "#a3b0ad",
  colorTextDisabled: "#98a5a2",
  colorBgContainer: "#182120",
  colorBgElevated: "#1e2827",
  colorText: "#e6ecea",
};

/** Theme, language and toasts for everything below it. */
export function Provider({ children }: { children: ReactNode }) {
  const dark = useDark();
  const { lang, dense } = usePrefs();
  // Never none: the library wraps everything once more when one comes, which would make all of it anew and lose what was typed.
  const [locale, setLocale] = useState<Locale>(english);
  useEffect(() => {
    if (lang === "en") setLocale(english);
    else void import("antd/locale/zh_CN").then((found) => setLocale(found.default));
  }, [lang]);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }, [dark]);
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={locale}
      componentSize={dense ? "small" : "middle"}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: { ...SHARED, ...(dark ? DARK : LIGHT) },
        components: dark ? { Button: { dangerColor: "#1d0b09" } } : {},
      }}
    >
      <App>{children}</App>
    </ConfigProvider>
  );
}
