import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Space, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { errorText } from "../app/errors";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { usePages } from "../table/use-pages";
import { CreatorsDialog, RateDialog } from "./PlanDialogs";
import { type AllianceTerms, type Plan, plansPage, usePlanActions } from "./queries";
import { rateText } from "./rates";

/** What the shop offers creators, newest first. */
export function PlansPanel({ shopId, terms, editable, action }: { shopId: number; terms: AllianceTerms; editable: boolean; action: React.ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { modal, message } = App.useApp();
  const actions = usePlanActions(shopId);
  const pages = usePages<Plan>(["alliance", shopId, "plans"], plansPage(shopId));
  const [changing, setChanging] = useState<Plan | null>(null);
  const [listing, setListing] = useState<Plan | null>(null);
  const product = (row: Plan) => <Link to={`/shops/${shopId}/products/${row.product_id}`}>{row.product?.name ?? `#${row.product_id}`}</Link>;
  const rate = (row: Plan) => (row.commission_bp === null ? <Tag>{t("alliance.ended")}</Tag> : <strong className="wb-number">{rateText(row.commission_bp + row.service_bp)}</strong>);
  const kind = (row: Plan) => (
    <>
      {t(`alliance.kind.${row.kind}`)}
      {row.creators.length > 0 && <div className="wb-muted">{row.creators.map((one) => one.display_name).join("、")}</div>}
      {row.colonel_name && <div className="wb-muted">{row.colonel_name}</div>}
    </>
  );
  const next = (row: Plan) => {
    if (!row.next) return "–";
    const when = format.dateTime(row.next.effective_from);
    return row.next.commission_bp === null ? t("alliance.next_end", { when }) : t("alliance.next_rate", { when, rate: rateText(row.next.commission_bp + row.next.service_bp) });
  };
  const close = (row: Plan) =>
    modal.confirm({
      title: t("alliance.close_title"),
      content: t("alliance.close_help"),
      okText: t("alliance.close"),
      cancelText: t("actions.cancel"),
      onOk: () =>
        actions.close(row).then(
          () => void message.success(t("alliance.closed")),
          (error: unknown) => void message.error(errorText(t, error)),
        ),
    });
  const buttons = (row: Plan) =>
    editable && row.closed_from === null ? (
      <Space size={4}>
        <Button size="small" onClick={() => setChanging(row)} data-testid="plan-change">
          {t("alliance.change")}
        </Button>
        {row.kind !== "simple_plan" && row.kind !== "colonel_activity" && (
          <Button size="small" onClick={() => setListing(row)} data-testid="plan-list">
            {t("alliance.creators")}
          </Button>
        )}
        <Button size="small" danger type="text" onClick={() => close(row)} data-testid="plan-close">
          {t("alliance.close")}
        </Button>
      </Space>
    ) : null;
  const columns: DataColumn<Plan>[] = [
    { key: "product", title: t("alliance.column.product"), width: 250, fixed: "left", render: product },
    { key: "kind", title: t("alliance.column.kind"), width: 120, render: kind },
    { key: "commission", title: t("alliance.column.commission"), width: 110, align: "right", render: rate },
    { key: "next", title: t("alliance.column.next"), width: 200, render: next },
    { key: "creators", title: t("alliance.column.creators"), width: 100, align: "right", render: (row) => format.number(row.creators_count) },
    { key: "created", title: t("alliance.column.created"), width: 150, render: (row) => format.dateTime(row.created_at) },
    { key: "do", title: t("table.actions"), width: 220, render: buttons },
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ExportButton path={`/shops/${shopId}/alliance/plans`} testId="plans-export" />
        <ColumnChoice name="alliance-plans" columns={columns} />
      </Space>
      <DataTable
        name="alliance-plans"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="plan"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("alliance.no_plans")} help={t("alliance.no_plans_help")} action={action} />}
        renderCard={(row) => (
          <>
            <div>{product(row)}</div>
            <div>
              {rate(row)} <span className="wb-muted">{t(`alliance.kind.${row.kind}`)}</span>
            </div>
            {row.next && <div className="wb-muted">{next(row)}</div>}
            <div>{buttons(row)}</div>
          </>
        )}
      />
      {listing && <CreatorsDialog shopId={shopId} terms={terms} plan={listing} onClose={() => setListing(null)} />}
      {changing && <RateDialog shopId={shopId} terms={terms} plan={changing} onClose={() => setChanging(null)} />}
    </>
  );
}
