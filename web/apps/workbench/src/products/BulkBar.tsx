import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Space } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { BatchDialog } from "../batch/BatchDialog";
import { runBatch } from "../batch/queries";
import { useBatchDone } from "../batch/use-batch-done";
import { useProductActions } from "./queries";

const MOST = 500;

/** Acts on all ticked products and tells of each that refused. */
export function BulkBar({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { modal, message } = App.useApp();
  const actions = useProductActions(shop.id);
  const tell = useBatchDone();
  const [busy, setBusy] = useState<"online" | "offline" | "delete" | null>(null);
  const [editing, setEditing] = useState(false);
  const move = async (kind: "online" | "offline") => {
    setBusy(kind);
    try {
      await tell(await runBatch(shop.id, ids, { kind }, false));
      onDone();
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(null);
    }
  };
  const removeAll = async () => {
    setBusy("delete");
    let refused = 0;
    for (const id of ids) {
      await actions.act(id, "delete").catch(() => (refused += 1));
    }
    setBusy(null);
    await actions.refresh();
    if (refused > 0) void message.warning(t("products.bulk_partly", { done: ids.length - refused, count: ids.length }));
    else void message.success(t("products.bulk_done.delete", { count: ids.length }));
    onDone();
  };
  const askDelete = () =>
    modal.confirm({
      title: t("products.delete_title", { count: ids.length }),
      content: t("products.delete_help"),
      okText: t("actions.delete"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: removeAll,
    });
  const tooMany = ids.length > MOST;
  return (
    <>
      <Alert
        type="info"
        className="wb-bulk"
        title={tooMany ? t("batch.at_most") : t("products.selected", { count: ids.length })}
        action={
          <Space wrap>
            <Button size="small" type="primary" disabled={tooMany} onClick={() => setEditing(true)} data-testid="bulk-edit">
              {t("batch.edit")}
            </Button>
            <Button size="small" disabled={tooMany} loading={busy === "online"} onClick={() => void move("online")} data-testid="bulk-online">
              {t("products.online")}
            </Button>
            <Button size="small" disabled={tooMany} loading={busy === "offline"} onClick={() => void move("offline")} data-testid="bulk-offline">
              {t("products.offline")}
            </Button>
            <Button size="small" danger loading={busy === "delete"} onClick={askDelete}>
              {t("actions.delete")}
            </Button>
            <Button size="small" type="text" onClick={onDone}>
              {t("products.clear_selection")}
            </Button>
          </Space>
        }
      />
      {editing && (
        <BatchDialog
          ids={ids}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            onDone();
          }}
        />
      )}
    </>
  );
}
