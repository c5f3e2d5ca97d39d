import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import type { OrderDetail } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";

/** A reserved presale order that can't be fulfilled: its deposit goes back. */
export function ReturnDeposit({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  if (order.state !== "part_paid") return null;
  const send = async () => {
    setBusy(true);
    try {
      await post(`/shops/${shop.id}/orders/${order.order_no}/return-deposit`, {});
      void message.success(t("presales.returned"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: ["orders", shop.id] });
      void client.invalidateQueries({ queryKey: ["order", shop.id] });
    }
  };
  return (
    <Popconfirm title={t("presales.return_sure")} onConfirm={() => void send()}>
      <Button size="small" loading={busy} data-testid="return-deposit">
        {t("presales.return_deposit")}
      </Button>
    </Popconfirm>
  );
}
