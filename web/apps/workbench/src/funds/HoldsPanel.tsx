import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Form, Input, Skeleton, Table, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { ShopPicker, useShopNames } from "../operator/shops";
import { EmptyList } from "../table/EmptyList";
import { AskDialog } from "./dialogs";
import { type Hold, useHolds, useOperatorActions } from "./queries";

/** Risk holds: money that stays where it is, why, and since when. */
export function HoldsPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const holds = useHolds();
  const [open, setOpen] = useState<"new" | Hold | null>(null);
  const shopName = useShopNames((holds.data ?? []).map((hold) => hold.shop_id));
  if (holds.isPending) return <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />;
  if (holds.isError) return <ErrorView error={holds.error} onRetry={() => void holds.refetch()} />;
  const place = (
    <Button type="primary" onClick={() => setOpen("new")} data-testid="new-hold">
      {t("funds.platform.new_hold")}
    </Button>
  );
  return (
    <>
      {holds.data.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("funds.platform.no_holds")} help={t("funds.platform.hold_help")} action={place} />
        </div>
      ) : (
        <>
          <div className="wb-filters">{place}</div>
          <Table
            size="small"
            rowKey="id"
            dataSource={holds.data}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "shop", title: t("funds.column.shop"), render: (_, hold) => shopName(hold.shop_id) },
              { key: "order", title: t("funds.column.order"), render: (_, hold) => hold.order_no || t("funds.platform.whole_shop") },
              { key: "reason", title: t("funds.column.reason"), dataIndex: "reason" },
              { key: "placed", title: t("funds.column.at"), render: (_, hold) => format.dateTime(hold.placed_at) },
              { key: "state", title: t("funds.column.state"), render: (_, hold) => (hold.lifted_at ? <Tag>{t("funds.platform.lifted", { at: format.dateTime(hold.lifted_at), reason: hold.lift_reason })}</Tag> : <Tag color="warning">{t("funds.platform.held")}</Tag>) },
              {
                key: "actions",
                title: t("table.actions"),
                render: (_, hold) =>
                  !hold.lifted_at && (
                    <Button size="small" onClick={() => setOpen(hold)}>
                      {t("funds.platform.lift")}
                    </Button>
                  ),
              },
            ]}
          />
        </>
      )}
      {open === "new" && <HoldDialog onClose={() => setOpen(null)} />}
      {open !== null && open !== "new" && <LiftDialog hold={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function HoldDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { hold } = useOperatorActions();
  const [shop, setShop] = useState<number | null>(null);
  const [order, setOrder] = useState("");
  const [reason, setReason] = useState("");
  const send = () => hold({ shop_id: shop ?? 0, order_no: order.trim(), reason: reason.trim() });
  return (
    <AskDialog title={t("funds.platform.new_hold")} confirm={t("funds.platform.new_hold")} done={t("funds.platform.saved")} ready={shop !== null && reason.trim() !== ""} onSend={send} onClose={onClose}>
      {() => (
        <>
          <Form.Item label={t("funds.platform.field.shop")} htmlFor="hold-shop">
            <ShopPicker id="hold-shop" kind="merchant" value={shop} onChange={setShop} />
          </Form.Item>
          <Form.Item label={t("funds.platform.field.order")} htmlFor="hold-order">
            <Input id="hold-order" maxLength={32} value={order} onChange={(event) => setOrder(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("funds.column.reason")} htmlFor="hold-reason">
            <Input id="hold-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
          </Form.Item>
          <p className="wb-muted">{t("funds.platform.hold_help")}</p>
        </>
      )}
    </AskDialog>
  );
}

function LiftDialog({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const { t } = useTranslation();
  const { lift } = useOperatorActions();
  const [reason, setReason] = useState("");
  return (
    <AskDialog title={t("funds.platform.lift")} confirm={t("funds.platform.lift")} done={t("funds.platform.saved")} ready={reason.trim() !== ""} onSend={() => lift(hold.id, reason.trim())} onClose={onClose}>
      {() => (
        <Form.Item label={t("funds.column.reason")} htmlFor="lift-reason">
          <Input id="lift-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Form.Item>
      )}
    </AskDialog>
  );
}
