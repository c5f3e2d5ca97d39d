import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { EmptyState } from "../kit/states";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="page">
      <EmptyState
        icon="search"
        title={t("not_found.title")}
        hint={t("not_found.hint")}
        action={
          <Link className="button" to="/">
            {t("not_found.home")}
          </Link>
        }
      />
    </main>
  );
}
