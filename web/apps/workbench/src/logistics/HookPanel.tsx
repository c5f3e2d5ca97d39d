import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Popconfirm, Skeleton, Typography } from "antd";
import { useState } from "react";
import type { NewCarrierHook } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useHook, useLogistics } from "./queries";

/** The address at which the shop's own carrier tells of its packages. */
export function HookPanel() {
  const { t } = useTranslation();
  const shop = useShop();
  const format = useFormat();
  const { message } = App.useApp();
  const hook = useHook(shop.id);
  const logistics = useLogistics(shop.id);
  const [made, setMade] = useState<NewCarrierHook | null>(null);
  if (hook.isPending) return <Skeleton active className="wb-panel" />;
  const renew = () => logistics.renewHook().then(setMade, (error: unknown) => void message.error(errorText(t, error)));
  return (
    <Card className="wb-section" title={t("logistics.hook")}>
      <p className="wb-muted">{t("logistics.hook_help")}</p>
      {hook.data && (
        <>
          <Typography.Paragraph copyable className="wb-mono">
            {`${globalThis.location.origin}${hook.data.path}`}
          </Typography.Paragraph>
          <p className="wb-muted">{hook.data.used_at ? t("logistics.hook_used", { time: format.dateTime(hook.data.used_at) }) : t("logistics.hook_unused")}</p>
        </>
      )}
      {made && (
        <Alert
          type="warning"
          showIcon
          title={t("logistics.hook_secret")}
          description={
            <Typography.Text copyable className="wb-mono">
              {made.secret}
            </Typography.Text>
          }
        />
      )}
      {mayEdit(shop.permissions, "settings") && (
        <Popconfirm title={t("logistics.hook_ask")} disabled={!hook.data} onConfirm={() => void renew()} okText={t("actions.confirm")} cancelText={t("actions.cancel")}>
          <Button onClick={hook.data ? undefined : () => void renew()} data-testid="hook-renew">
            {hook.data ? t("logistics.hook_renew") : t("logistics.hook_make")}
          </Button>
        </Popconfirm>
      )}
    </Card>
  );
}
