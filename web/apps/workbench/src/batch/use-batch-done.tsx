import { useTranslation } from "@xingqu/i18n";
import { App, Button } from "antd";
import type { BatchResult } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useProductActions } from "../products/queries";
import { ResultTable } from "./ResultTable";
import { countRows } from "./change";
import { undoBatch } from "./queries";

const UNDO_OFFERED_S = 15;

/** Tells what a batch did, offers to undo it, and lists what refused. */
export function useBatchDone(): (result: BatchResult) => Promise<void> {
  const { t } = useTranslation();
  const shop = useShop();
  const actions = useProductActions(shop.id);
  const { modal, message, notification } = App.useApp();
  const undo = async (batchId: number) => {
    notification.destroy(`batch-${batchId}`);
    try {
      const { changed, refused } = countRows((await undoBatch(shop.id, batchId)).rows);
      void message.info(refused > 0 ? t("batch.undone_partly", { done: changed, refused }) : t("batch.undone", { count: changed }));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await actions.refresh();
    }
  };
  return async (result) => {
    const { changed, refused } = countRows(result.rows);
    const title = refused > 0 ? t("batch.done_partly", { done: changed, refused }) : t("batch.done", { count: changed });
    const batchId = result.batch_id;
    notification.success({
      key: `batch-${batchId}`,
      title,
      duration: UNDO_OFFERED_S,
      placement: "bottomRight",
      actions: batchId !== null && (
        <Button size="small" onClick={() => void undo(batchId)} data-testid="batch-undo">
          {t("batch.undo")}
        </Button>
      ),
    });
    if (refused > 0) {
      modal.warning({ title, width: 720, content: <ResultTable rows={result.rows.filter((row) => row.error !== null)} /> });
    }
    await actions.refresh();
  };
}
