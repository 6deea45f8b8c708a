import type { NameLanguage } from "../../workers/contract.ts";

/** What each language calls itself. */
const NAMES: Record<NameLanguage, string> = {
  bn: "বাংলা",
  da: "Dansk",
  de: "Deutsch",
  "en-gb": "British English",
  es: "Español",
  et: "Eesti",
  fi: "Suomi",
  fr: "Français",
  hi: "हिन्दी",
  hu: "Magyar",
  it: "Italiano",
  ja: "日本語",
  ko: "한국어",
  lt: "Lietuvių",
  ms: "Bahasa Melayu",
  nb: "Norsk bokmål",
  nl: "Nederlands",
  pl: "Polski",
  pt: "Português",
  ru: "Русский",
  sv: "Svenska",
  th: "ไทย",
  uk: "Українська",
  vi: "Tiếng Việt",
  zh: "简体中文",
  "zh-hant": "繁體中文",
};

const isCode = (code: string): code is NameLanguage => code in NAMES;

/** Languages in which names can be understood besides English. */
export const LANGUAGES: readonly { readonly code: NameLanguage; readonly name: string }[] = Object.keys(NAMES)
  .filter(isCode)
  .map((code) => ({ code, name: NAMES[code] }));
