import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Table, type TableColumnType } from "antd";
import { ErrorView } from "../app/ErrorView";
import { ExportButton } from "../table/ExportButton";
import { EmptyList } from "../table/EmptyList";

interface ProgrammeListProps<Row> {
  kind: "coupons" | "full_reductions" | "flash_sales" | "bundles" | "presales";
  query: UseQueryResult<Row[]>;
  columns: TableColumnType<Row>[];
  /** Null for who may only look. */
  onCreate: (() => void) | null;
  /** The list's address, where it is also a file. */
  file?: string | undefined;
}

/** A list with its button to make another, and what to say while there is nothing. */
export function ProgrammeList<Row extends { id: number }>({ kind, query, columns, onCreate, file }: ProgrammeListProps<Row>) {
  const { t } = useTranslation();
  const create = onCreate && (
    <Button type="primary" onClick={onCreate} data-testid={`create-${kind}`}>
      {t(`marketing.create.${kind}`)}
    </Button>
  );
  if (query.isPending) return <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <div className="wb-panel">
        <EmptyList filtered={false} onReset={() => undefined} title={t(`marketing.empty.${kind}`)} help={t(`marketing.empty_help.${kind}`)} action={create} />
      </div>
    );
  return (
    <>
      <div className="wb-filters">
        {create}
        {file && (
          <div className="wb-filters-end">
            <ExportButton path={file} testId={`export-${kind}`} />
          </div>
        )}
      </div>
      <Table<Row> size="small" rowKey="id" columns={columns} dataSource={query.data} pagination={{ pageSize: 20, hideOnSinglePage: true }} scroll={{ x: "max-content" }} />
    </>
  );
}
