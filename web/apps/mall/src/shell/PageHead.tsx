import { useTranslation } from "@xingqu/i18n";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { Icon, type IconName } from "../kit/Icon";

interface PageHeadProps {
  title: string;
  /** Pages that stand in the navigation have no way back. */
  root?: boolean;
  action?: { icon: IconName; label: string; run: () => void };
  children?: ReactNode;
}

export function PageHead({ title, root = false, action, children }: PageHeadProps) {
  const { t } = useTranslation("common");
  const navigate = useNavigate();
  const goBack = () => {
    // a shared link has no page before it
    if (globalThis.history.state?.idx > 0) navigate(-1);
    else navigate("/");
  };
  return (
    <header className="page-head">
      {root ? null : (
        <button type="button" className="icon-button" onClick={goBack} aria-label={t("actions.back")}>
          <Icon name="back" />
        </button>
      )}
      <h1 className={root ? "root" : ""}>{title}</h1>
      {children}
      {action ? (
        <button type="button" className="icon-button" onClick={action.run} aria-label={action.label}>
          <Icon name={action.icon} />
        </button>
      ) : null}
    </header>
  );
}
