import { DownloadOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Skeleton, Space, Table } from "antd";
import { useState } from "react";
import { apiAddress } from "../api/http";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { DepositDialog } from "../funds/dialogs";
import type { Funds } from "../funds/queries";
import { ChangeList } from "./ChangeList";
import { PayDialog } from "./PayDialog";
import { type Standing, changesAddress, useDepositActions, useStanding } from "./queries";
import { StandingFigures } from "./StandingFigures";

/** The security deposit: what is due and why, how to pay it, what became of it, and how a shop gets it back. */
export function DepositPanel({ shopId, funds, editable }: { shopId: number; funds: Funds; editable: boolean }) {
  const { t } = useTranslation();
  const standing = useStanding(shopId);
  const [open, setOpen] = useState<"balance" | "provider" | null>(null);
  if (standing.isPending) return <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />;
  if (standing.isError) return <ErrorView error={standing.error} onRetry={() => void standing.refetch()} />;
  const row = standing.data;
  const address = changesAddress(shopId);
  return (
    <>
      <StandingAlert row={row} />
      <StandingFigures row={row} />
      <div className="wb-filters">
        {editable && (
          <>
            <Button type="primary" onClick={() => setOpen("provider")} data-testid="deposit-pay">
              {t("deposits.pay")}
            </Button>
            <Button disabled={funds.available_minor <= 0} onClick={() => setOpen("balance")} data-testid="pay-deposit">
              {t("deposits.from_balance")}
            </Button>
          </>
        )}
        <Button icon={<DownloadOutlined />} href={apiAddress(`${address}.csv`)} download data-testid="deposit-csv">
          CSV
        </Button>
        <Button icon={<DownloadOutlined />} href={apiAddress(`${address}.xlsx`)} download>
          XLSX
        </Button>
      </div>
      <ChangeList shopId={shopId} operator={false} />
      <Categories row={row} />
      <Closing row={row} />
      {open === "balance" && <DepositDialog shopId={shopId} funds={funds} onClose={() => setOpen(null)} />}
      {open === "provider" && <PayDialog standing={row} onClose={() => setOpen(null)} />}
    </>
  );
}

function StandingAlert({ row }: { row: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.state === "ok") return null;
  const sum = format.money({ amount_minor: row.short_minor, currency: row.currency }, true);
  const date = row.state === "closing" ? row.release_at : row.deadline_at;
  return (
    <Alert
      className="wb-section"
      showIcon
      type={row.state === "overdue" ? "error" : row.state === "short" ? "warning" : "info"}
      title={t(`deposits.alert.${row.state}`, { sum, date: date ? format.dateTime(date) : "" })}
      data-testid={`deposit-${row.state}`}
    />
  );
}

function Categories({ row }: { row: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.categories.length === 0) return null;
  return (
    <Card size="small" className="wb-section" title={t("deposits.by_category")}>
      <p className="wb-muted">{t("deposits.by_category_help", { kind: t(`deposits.shop_kind.${row.kind}`) })}</p>
      <Table
        size="small"
        rowKey="id"
        dataSource={row.categories}
        pagination={{ pageSize: 10, hideOnSinglePage: true }}
        columns={[
          { key: "name", title: t("deposits.column.category"), render: (_, one) => format.named(one) },
          { key: "amount", title: t("deposits.column.due"), align: "right", render: (_, one) => format.money({ amount_minor: one.amount_minor, currency: row.currency }, true) },
        ]}
      />
    </Card>
  );
}

function Closing({ row }: { row: Standing }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message, modal } = App.useApp();
  const { close, goOn } = useDepositActions(shop.id);
  if (!shop.permissions.includes("*")) return null;
  const closing = row.state === "closing" || row.state === "closed";
  const act = async (call: () => Promise<void>, done: string) => {
    try {
      await call();
      void message.success(done);
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  const ask = () =>
    modal.confirm({
      title: t("deposits.close_title"),
      content: t("deposits.close_help", { days: row.release_days }),
      okText: t("deposits.close"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: () => act(close, t("deposits.closing")),
    });
  return (
    <Card size="small" className="wb-section" title={t("deposits.close")}>
      <Space orientation="vertical">
        <span className="wb-muted">{t("deposits.close_help", { days: row.release_days })}</span>
        {closing ? (
          <Button onClick={() => void act(goOn, t("deposits.open_again_done"))} data-testid="deposit-go-on">
            {t("deposits.open_again")}
          </Button>
        ) : (
          <Button danger onClick={ask} data-testid="deposit-close">
            {t("deposits.close")}
          </Button>
        )}
      </Space>
    </Card>
  );
}
