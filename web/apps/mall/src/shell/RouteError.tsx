import { useTranslation } from "@xingqu/i18n";
import { useRouteError } from "react-router";
import { ErrorState } from "../kit/states";

/** A page broke, or its script couldn't be loaded after a new version: reloading helps with both. */
export function RouteError() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <main className="page">
      <ErrorState error={error} onRetry={() => globalThis.location.reload()} />
      <p className="muted centred">{t("not_found.reload")}</p>
    </main>
  );
}
