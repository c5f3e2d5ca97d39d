import { useQueryClient } from "@tanstack/react-query";
import { type Language, setLanguage, useTranslation } from "@xingqu/i18n";
import { patch } from "../api/http";
import type { Session } from "../api/types";
import { SESSION_KEY } from "./session";

/** The interface language; a signed-in person's choice is kept with their account too. */
export function useLanguage() {
  const { i18n } = useTranslation();
  const client = useQueryClient();
  const language: Language = i18n.language.startsWith("zh") ? "zh-CN" : "en";
  const changeLanguage = async (next: Language) => {
    await setLanguage(next);
    if (!client.getQueryData<Session>(SESSION_KEY)?.person) return;
    // The page already speaks the new language; not remembering it on the server is no reason to stop.
    await patch<Session>("/me", { language: next })
      .then((session) => client.setQueryData(SESSION_KEY, session))
      .catch(() => undefined);
  };
  return { language, changeLanguage };
}
