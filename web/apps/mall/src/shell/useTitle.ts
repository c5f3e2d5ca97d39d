import { useTranslation } from "@xingqu/i18n";
import { useEffect } from "react";

/** Names the page in the browser's tab while it is open. */
export function useTitle(title: string): void {
  const { t } = useTranslation("common");
  const app = t("app_name");
  useEffect(() => {
    document.title = title ? `${title} · ${app}` : app;
    return () => {
      document.title = app;
    };
  }, [title, app]);
}
