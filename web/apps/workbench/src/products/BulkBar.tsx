import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Space } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { type ProductAction, useProductActions } from "./queries";

/** Acts on all ticked products one after another and tells of each that refused. */
export function BulkBar({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { modal, message } = App.useApp();
  const actions = useProductActions(shop.id);
  const [busy, setBusy] = useState<ProductAction | null>(null);
  const run = async (action: ProductAction) => {
    setBusy(action);
    const refused: { id: number; reason: string }[] = [];
    for (const id of ids) {
      try {
        await actions.act(id, action);
      } catch (error) {
        refused.push({ id, reason: errorText(t, error) });
      }
    }
    setBusy(null);
    await actions.refresh();
    if (refused.length === 0) void message.success(t(`products.bulk_done.${action}`, { count: ids.length }));
    else {
      modal.warning({
        title: t("products.bulk_partly", { done: ids.length - refused.length, count: ids.length }),
        content: (
          <ul className="wb-refusals">
            {refused.map((row) => (
              <li key={row.id}>
                #{row.id}：{row.reason}
              </li>
            ))}
          </ul>
        ),
      });
    }
    onDone();
  };
  const askDelete = () =>
    modal.confirm({
      title: t("products.delete_title", { count: ids.length }),
      content: t("products.delete_help"),
      okText: t("actions.delete"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: () => run("delete"),
    });
  return (
    <Alert
      type="info"
      className="wb-bulk"
      title={t("products.selected", { count: ids.length })}
      action={
        <Space wrap>
          <Button size="small" loading={busy === "online"} onClick={() => void run("online")} data-testid="bulk-online">
            {t("products.online")}
          </Button>
          <Button size="small" loading={busy === "offline"} onClick={() => void run("offline")} data-testid="bulk-offline">
            {t("products.offline")}
          </Button>
          <Button size="small" danger onClick={askDelete}>
            {t("actions.delete")}
          </Button>
          <Button size="small" type="text" onClick={onDone}>
            {t("products.clear_selection")}
          </Button>
        </Space>
      }
    />
  );
}
