import { useFormat, useTranslation } from "@xingqu/i18n";
import { Table, Tag } from "antd";
import type { BatchRow, FieldChange } from "../api/types";
import { categoryPaths, useCategories } from "../products/queries";

const SHOWN_CHANGES = 4;

/** Products with their values before and after, or why one refuses. */
export function ResultTable({ rows }: { rows: BatchRow[] }) {
  const { t } = useTranslation();
  return (
    <Table<BatchRow>
      size="small"
      rowKey="product_id"
      dataSource={rows}
      scroll={{ x: 560, y: 320 }}
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        { title: t("batch.product"), key: "name", width: 200, render: (_, row) => row.name || `#${row.product_id}` },
        { title: t("batch.changes"), key: "changes", render: (_, row) => <Changes row={row} /> },
      ]}
    />
  );
}

function Changes({ row }: { row: BatchRow }) {
  const { t } = useTranslation();
  if (row.error !== null) {
    return <Tag color="error">{t(`errors.${row.error}`, { defaultValue: row.message })}</Tag>;
  }
  if (row.changes.length === 0) return <span className="wb-muted">{t("batch.no_change")}</span>;
  const rest = row.changes.length - SHOWN_CHANGES;
  return (
    <div className="wb-stack">
      {row.changes.slice(0, SHOWN_CHANGES).map((change) => (
        <Change key={`${change.sku_id}-${change.field}`} change={change} />
      ))}
      {rest > 0 && <small className="wb-muted">{t("batch.more", { count: rest })}</small>}
      {row.waits && <small className="wb-muted">{t("batch.waits")}</small>}
    </div>
  );
}

function Change({ change }: { change: FieldChange }) {
  const { t } = useTranslation();
  const format = useFormat();
  const categories = useCategories();
  const shown = (value: FieldChange["before"]): string => {
    if (value === null) return t("batch.none");
    if (Array.isArray(value)) return value.join("、") || t("batch.none");
    if (change.field.endsWith("_minor")) return format.money({ amount_minor: Number(value), currency: "CNY" }, true);
    if (change.field === "category_id") return categoryPaths(categories.data ?? [], format.named).get(Number(value)) ?? String(value);
    if (change.field === "status") return t(`batch.status.${String(value)}`, { defaultValue: String(value) });
    return String(value);
  };
  return (
    <span>
      <small className="wb-muted">
        {change.option_text} {t(`batch.field.${change.field}`, { defaultValue: change.field })}
      </small>{" "}
      <span className="wb-number">
        {shown(change.before)} → <strong>{shown(change.after)}</strong>
      </span>
    </span>
  );
}
