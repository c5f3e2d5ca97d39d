import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Checkbox, Grid, Skeleton, Table, type TableColumnType } from "antd";
import type { Key, KeyboardEvent, ReactNode } from "react";
import { ErrorView } from "../app/ErrorView";
import { useDensity } from "./ColumnChoice";
import { useTableLayout } from "./layout";
import { onRowKey } from "./row-keys";
import type { usePages } from "./use-pages";

export interface DataColumn<Row> {
  key: string;
  title: string;
  width?: number;
  align?: "left" | "right" | "center";
  /** Always shown: the column that says what the row is, and at the right what can be done with it (`do`). */
  fixed?: "left" | "right";
  /** Not shown until chosen. */
  extra?: boolean;
  /** Sort values of the server for ascending and descending. */
  sort?: { ascend?: string; descend?: string };
  render: (row: Row) => ReactNode;
}

export { ColumnChoice } from "./ColumnChoice";

interface DataTableProps<Row> {
  /** Column choices are remembered under this name. */
  name: string;
  columns: DataColumn<Row>[];
  rowKey: (row: Row) => Key;
  pages: ReturnType<typeof usePages<Row>>;
  empty: ReactNode;
  /** The row on a phone. */
  renderCard: (row: Row) => ReactNode;
  selected?: Key[];
  onSelect?: (keys: Key[]) => void;
  sort?: string | undefined;
  onSort?: (sort: string | undefined) => void;
  rowTestId?: string;
  /** What Enter does on a row that has the focus. */
  onOpen?: (row: Row) => void;
  /** What a click on a row does where nothing in it was hit. */
  onRowClick?: (row: Row) => void;
}

/** A dense list: chosen columns, sticky head, selection, pages by cursor; cards on a phone. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, pages, name, rowKey, selected, onSelect, sort, onSort } = props;
  const { t } = useTranslation();
  const screens = Grid.useBreakpoint();
  const { shown } = useTableLayout(name, columns);
  const [density] = useDensity();
  if (pages.query.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />;
  if (pages.query.isError) {
    return <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />;
  }
  if (pages.rows.length === 0 && pages.pageNumber === 1) return <div className="wb-panel">{props.empty}</div>;
  const edge = (column: DataColumn<Row>) => column.fixed ?? (column.key === "do" ? "right" : undefined);
  // antd has words for its boxes in English only.
  const checkboxNames = {
    getCheckboxProps: (row: Row) => ({ "aria-label": t("table.choose", { row: String(rowKey(row)) }) }),
    getTitleCheckboxProps: () => ({ "aria-label": t("table.choose_all") }),
  };
  const tableColumns: TableColumnType<Row>[] = shown.map((column) => ({
    key: column.key,
    title: column.title,
    ...(column.width ? { width: column.width } : {}),
    ...(column.align ? { align: column.align } : {}),
    // On a narrow screen two fixed columns would leave no room for the others: the actions stay.
    ...(edge(column) && (edge(column) === "right" || screens.lg !== false) ? { fixed: edge(column)! } : {}),
    ...(column.sort
      ? {
          sorter: true,
          sortOrder: sort && sort === column.sort.ascend ? "ascend" : sort && sort === column.sort.descend ? "descend" : null,
          sortDirections: (["descend", "ascend"] as const).filter((direction) => column.sort?.[direction]),
          showSorterTooltip: false,
        }
      : {}),
    render: (_: unknown, row: Row) => column.render(row),
  }));
  return (
    <div className={pages.changing ? "wb-table wb-table-changing" : "wb-table"} aria-busy={pages.changing}>
      {screens.sm === false ? (
        <ul className="wb-plain-list wb-cards">
          {pages.rows.map((row) => (
            <li key={rowKey(row)} className="wb-card-row" data-testid={props.rowTestId}>
              {onSelect && (
                <Checkbox
                  className="wb-card-check"
                  aria-label={t("table.choose", { row: String(rowKey(row)) })}
                  checked={selected?.includes(rowKey(row)) ?? false}
                  onChange={(event) => {
                    const rest = (selected ?? []).filter((key) => key !== rowKey(row));
                    onSelect(event.target.checked ? [...rest, rowKey(row)] : rest);
                  }}
                />
              )}
              <div className="wb-card-body">{props.renderCard(row)}</div>
            </li>
          ))}
        </ul>
      ) : (
        <Table<Row>
          size={density === "compact" ? "small" : "middle"}
          rowKey={rowKey}
          columns={tableColumns}
          dataSource={pages.rows}
          pagination={false}
          sticky={{ offsetHeader: 56 }}
          scroll={{ x: shown.reduce((sum, column) => sum + (column.width ?? 240), 0) }}
          onRow={(row) =>
            ({
              "data-testid": props.rowTestId,
              tabIndex: 0,
              ...(props.onRowClick ? { onClick: () => props.onRowClick?.(row), className: "wb-row-link" } : {}),
              onKeyDown: (event: KeyboardEvent<HTMLElement>) =>
                onRowKey(event, {
                  open: () => props.onOpen?.(row),
                  toggle: () => {
                    const key = rowKey(row);
                    const rest = (selected ?? []).filter((each) => each !== key);
                    onSelect?.(rest.length === (selected ?? []).length ? [...rest, key] : rest);
                  },
                }),
            }) as object
          }
          onChange={(_pagination, _filters, sorter) => {
            const single = Array.isArray(sorter) ? sorter[0] : sorter;
            const column = shown.find((each) => each.key === single?.columnKey);
            onSort?.(single?.order ? column?.sort?.[single.order] : undefined);
          }}
          {...(onSelect
            ? { rowSelection: { selectedRowKeys: selected ?? [], onChange: onSelect, columnWidth: 40, preserveSelectedRowKeys: true, ...checkboxNames } }
            : {})}
        />
      )}
      <Pager pages={pages} />
    </div>
  );
}

export function Pager<Row>({ pages }: { pages: ReturnType<typeof usePages<Row>> }) {
  const { t } = useTranslation();
  if (!pages.goBack && !pages.goNext && !pages.changing) return null;
  return (
    <nav className="wb-pager" aria-label={t("table.pages")}>
      <Button icon={<LeftOutlined />} disabled={!pages.goBack} onClick={() => pages.goBack?.()} data-testid="page-back">
        {t("table.back")}
      </Button>
      <span className="wb-muted">{t("table.page", { number: pages.pageNumber })}</span>
      <Button
        icon={<RightOutlined />}
        iconPlacement="end"
        disabled={!pages.goNext}
        onClick={() => pages.goNext?.()}
        data-testid="page-next"
      >
        {t("table.next")}
      </Button>
    </nav>
  );
}
