import { ArrowDownOutlined, ArrowUpOutlined, SettingOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Checkbox, Popover, Segmented } from "antd";
import { usePreference } from "../app/preferences";
import type { DataColumn } from "./DataTable";
import { moved } from "./arrange";
import { useTableLayout } from "./layout";
import "./columns.css";

export type Density = "compact" | "comfortable";

/** How high the rows of all tables are, in this browser. */
export const useDensity = () => usePreference<Density>("density", "compact");

/** Which columns the table shows and in which order, kept with the person; how high rows are, in this browser. */
export function ColumnChoice<Row>({ name, columns }: { name: string; columns: DataColumn<Row>[] }) {
  const { t } = useTranslation();
  const { arranged, layout, keep, reset } = useTableLayout(name, columns);
  const [density, setDensity] = useDensity();
  const free = arranged.filter((column) => !column.fixed);
  const content = (
    <div className="wb-column-choice" data-testid="column-choice">
      {free.map((column, place) => (
        <div key={column.key} className="wb-column-row">
          <Checkbox
            checked={!layout.hidden.includes(column.key)}
            onChange={(event) => {
              const rest = layout.hidden.filter((key) => key !== column.key);
              keep({ ...layout, hidden: event.target.checked ? rest : [...rest, column.key] });
            }}
          >
            {column.title}
          </Checkbox>
          <span>
            {([-1, 1] as const).map((by) => (
              <Button
                key={by}
                type="text"
                size="small"
                icon={by < 0 ? <ArrowUpOutlined /> : <ArrowDownOutlined />}
                disabled={by < 0 ? place === 0 : place === free.length - 1}
                aria-label={t(by < 0 ? "table.move_up" : "table.move_down", { column: column.title })}
                onClick={() => keep({ ...layout, order: moved(columns, layout.order, column.key, by) })}
              />
            ))}
          </span>
        </div>
      ))}
      <Segmented<Density>
        size="small"
        value={density}
        onChange={setDensity}
        aria-label={t("table.density")}
        options={(["compact", "comfortable"] as const).map((one) => ({ value: one, label: t(`table.${one}`) }))}
      />
      <Button size="small" onClick={reset}>
        {t("table.reset_columns")}
      </Button>
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight" title={t("table.columns")}>
      <Button icon={<SettingOutlined />} aria-label={t("table.columns")} className="wb-only-wide" data-testid="columns" />
    </Popover>
  );
}
