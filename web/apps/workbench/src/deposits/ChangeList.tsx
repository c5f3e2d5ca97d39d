import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Image, Popconfirm, Space, Tag } from "antd";
import { App } from "antd";
import { errorText } from "../app/errors";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { type Change, changesPage, evidenceAddress, usePlatformActions } from "./queries";

const COLOUR = { waiting: "processing", lapsed: "default", done: "success", frozen: "warning", deducted: "error", released: "default" } as const;

interface ChangeListProps {
  shopId: number;
  operator: boolean;
}

/** Every movement of a deposit with its reason, its evidence and its journals in the books. */
export function ChangeList({ shopId, operator }: ChangeListProps) {
  const { t } = useTranslation();
  const pages = usePages(["deposit-changes", shopId, operator], changesPage(shopId, operator));
  const columns = useChangeColumns({ shopId, operator });
  return (
    <DataTable
      name="deposit-changes"
      rowKey={(row) => row.change_no}
      columns={columns}
      pages={pages}
      rowTestId="deposit-change"
      renderCard={(row) => <ChangeCard row={row} />}
      empty={<EmptyList filtered={false} onReset={() => undefined} title={t("deposits.none")} help={t("deposits.none_help")} />}
    />
  );
}

function ChangeCard({ row }: { row: Change }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="wb-stack">
      <strong>
        {t(`deposits.kind.${row.kind}`)} {format.money(row.amount, true)} <Tag color={COLOUR[row.state]}>{t(`deposits.state.${row.state}`)}</Tag>
      </strong>
      <span>{row.reason}</span>
      <small className="wb-muted">
        {row.change_no} · {format.dateTime(row.at)}
      </small>
    </div>
  );
}

function useChangeColumns({ shopId, operator }: ChangeListProps): DataColumn<Change>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "at", title: t("deposits.column.at"), width: 150, fixed: "left", render: (row) => <span className="wb-number">{format.dateTime(row.at)}</span> },
    { key: "kind", title: t("deposits.column.kind"), width: 130, render: (row) => t(`deposits.kind.${row.kind}`) },
    { key: "amount", title: t("deposits.column.amount"), width: 120, align: "right", render: (row) => <span className="wb-number">{format.money(row.amount, true)}</span> },
    { key: "state", title: t("deposits.column.state"), width: 110, render: (row) => <Tag color={COLOUR[row.state]}>{t(`deposits.state.${row.state}`)}</Tag> },
    { key: "reason", title: t("deposits.column.reason"), width: 240, render: (row) => <Reason row={row} shopId={shopId} operator={operator} /> },
    {
      key: "journals",
      title: t("deposits.column.journals"),
      width: 260,
      render: (row) => (
        <Space orientation="vertical" size={0}>
          {row.journals.map((one) => (
            <small key={one.id} className="wb-mono" title={one.key}>
              #{one.id} {operator && `${one.key} `}
              {format.money({ amount_minor: one.amount_minor, currency: row.amount.currency }, true)}
            </small>
          ))}
        </Space>
      ),
    },
    { key: "number", title: t("deposits.column.number"), width: 190, extra: true, render: (row) => <span className="wb-mono">{row.change_no}</span> },
    ...(operator ? [{ key: "actions", title: t("table.actions"), width: 170, fixed: "right" as const, render: (row: Change) => row.state === "frozen" && <Decide row={row} /> }] : []),
  ];
}

function Reason({ row, shopId, operator }: { row: Change } & ChangeListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Space orientation="vertical" size={2}>
      <span>{row.reason || "–"}</span>
      {row.compensation && (
        <small className="wb-muted">
          {t("deposits.compensated", { order: row.compensation.order_no, sum: format.money(row.compensation.amount, true), state: t(`deposits.compensation.${row.compensation.state}`) })}
        </small>
      )}
      {row.evidence.length > 0 && (
        <Image.PreviewGroup>
          <Space>
            {row.evidence.map((one) => (
              <Image key={one.id} width={40} height={40} src={evidenceAddress(shopId, one.id, operator)} alt={t("deposits.evidence")} />
            ))}
          </Space>
        </Image.PreviewGroup>
      )}
    </Space>
  );
}

function Decide({ row }: { row: Change }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { decide } = usePlatformActions();
  const act = async (deduct: boolean) => {
    try {
      await decide(row.change_no, deduct);
      void message.success(t("deposits.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  return (
    <Space>
      <Popconfirm title={t("deposits.deduct_sure")} onConfirm={() => act(true)} okText={t("deposits.deduct")} cancelText={t("actions.cancel")}>
        <Button size="small" danger>
          {t("deposits.deduct")}
        </Button>
      </Popconfirm>
      <Button size="small" onClick={() => void act(false)}>
        {t("deposits.release")}
      </Button>
    </Space>
  );
}
