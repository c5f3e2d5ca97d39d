import { Typography } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "@xingqu/i18n";

interface PageHeadProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
}

/** Title and main actions of a room; also names the browser tab. */
export function PageHead({ title, note, actions, back }: PageHeadProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("shell.product_name")}`;
  }, [title, t]);
  return (
    <header className="wb-page-head">
      <div className="wb-page-head-words">
        {back}
        <Typography.Title level={1} className="wb-page-title">
          {title}
        </Typography.Title>
        {note && <div className="wb-page-note">{note}</div>}
      </div>
      {actions && <div className="wb-page-actions">{actions}</div>}
    </header>
  );
}
