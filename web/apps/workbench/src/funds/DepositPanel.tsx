import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Table, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { EmptyList } from "../table/EmptyList";
import { DepositDialog } from "./dialogs";
import { type Funds, useDeposit } from "./queries";

const COLOUR = { done: "success", frozen: "warning", deducted: "error", released: "default" } as const;

/** The security deposit: paid in out of the balance, frozen and decided by the platform. */
export function DepositPanel({ shopId, funds, editable }: { shopId: number; funds: Funds; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const deposit = useDeposit(shopId);
  const [open, setOpen] = useState(false);
  if (deposit.isPending) return <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />;
  if (deposit.isError) return <ErrorView error={deposit.error} onRetry={() => void deposit.refetch()} />;
  const pay = editable && (
    <Button type="primary" disabled={funds.available_minor <= 0} onClick={() => setOpen(true)} data-testid="pay-deposit">
      {t("funds.pay_deposit")}
    </Button>
  );
  return (
    <>
      {deposit.data.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_deposit")} help={t("funds.no_deposit_help")} action={pay} />
        </div>
      ) : (
        <>
          <div className="wb-filters">{pay}</div>
          <Table
            size="small"
            rowKey="change_no"
            dataSource={deposit.data}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "at", title: t("funds.column.at"), render: (_, row) => format.dateTime(row.at) },
              { key: "kind", title: t("funds.column.kind"), render: (_, row) => t(`funds.deposit_kind.${row.kind}`) },
              { key: "amount", title: t("funds.column.amount"), align: "right", render: (_, row) => format.money(row.amount, true) },
              { key: "state", title: t("funds.column.state"), render: (_, row) => <Tag color={COLOUR[row.state]}>{t(`funds.deposit_state.${row.state}`)}</Tag> },
              { key: "reason", title: t("funds.column.reason"), render: (_, row) => row.reason || "–" },
            ]}
          />
        </>
      )}
      {open && <DepositDialog shopId={shopId} funds={funds} onClose={() => setOpen(false)} />}
    </>
  );
}
