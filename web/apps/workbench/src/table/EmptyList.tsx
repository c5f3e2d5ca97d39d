import { useTranslation } from "@xingqu/i18n";
import { Button, Empty } from "antd";
import type { ReactNode } from "react";

interface EmptyListProps {
  filtered: boolean;
  onReset: () => void;
  title: string;
  help: string;
  action?: ReactNode;
}

/** An empty list says why it is empty and what to do next. */
export function EmptyList({ filtered, onReset, title, help, action }: EmptyListProps) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("table.nothing_matches")} data-testid="empty-filtered">
        <Button onClick={onReset}>{t("table.reset_filters")}</Button>
      </Empty>
    );
  }
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      data-testid="empty-list"
      description={
        <>
          <strong className="wb-empty-title">{title}</strong>
          <span className="wb-muted">{help}</span>
        </>
      }
    >
      {action}
    </Empty>
  );
}
