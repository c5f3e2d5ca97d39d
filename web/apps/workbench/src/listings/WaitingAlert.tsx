import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import type { ProductEdit } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";

/** A product that waits for an operator, with the way to take it back. */
export function WaitingAlert({ product, onBack }: { product: ProductEdit; onBack: (product: ProductEdit) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const submission = product.submission;
  if (!submission) return null;
  const withdraw = async () => {
    setBusy(true);
    try {
      onBack(await post<ProductEdit>(`/shops/${shop.id}/products/${product.id}/withdraw`));
      void message.success(t("listings.withdrawn"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const help = product.check_status === "pending" ? "listings.waiting_help" : "listings.waiting_edit_help";
  return (
    <Alert
      type="info"
      showIcon
      data-testid="product-waiting"
      title={t("listings.waiting_title")}
      description={`${t(help, { time: format.dateTime(submission.submitted_at) })} ${submission.online && product.status !== "online" ? t("listings.waiting_online") : ""}`}
      action={
        <Button size="small" loading={busy} onClick={() => void withdraw()} data-testid="product-withdraw">
          {t("listings.withdraw")}
        </Button>
      }
    />
  );
}
