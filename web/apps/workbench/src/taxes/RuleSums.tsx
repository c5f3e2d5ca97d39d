import { useFormat, useTranslation } from "@xingqu/i18n";
import { Table } from "antd";
import type { RuleSum } from "./queries";

/** What each rule withheld. */
export function RuleSums({ rules, currency }: { rules: RuleSum[]; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency }, true);
  return (
    <Table<RuleSum>
      size="small"
      rowKey={(row) => row.rule_id ?? 0}
      dataSource={rules}
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { key: "rule", title: t("taxes.column.rule"), render: (_, row) => (row.kind && row.effective_from ? t("taxes.rule_from", { kind: t(`taxes.rule_of.${row.kind}`), from: format.date(row.effective_from) }) : t("taxes.rule_unknown")) },
        { key: "payouts", title: t("taxes.column.payouts"), align: "right", render: (_, row) => format.number(row.payouts) },
        { key: "gross", title: t("taxes.column.gross"), align: "right", render: (_, row) => money(row.gross_minor) },
        { key: "withheld", title: t("taxes.column.withheld"), align: "right", render: (_, row) => money(row.withheld_minor) },
        { key: "returned", title: t("taxes.column.returned"), align: "right", render: (_, row) => money(row.returned_minor) },
        { key: "total", title: t("taxes.column.total"), align: "right", render: (_, row) => <strong>{money(row.total_minor)}</strong> },
      ]}
    />
  );
}
