import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Card, Checkbox, Skeleton } from "antd";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useLogistics, useShopCover } from "./queries";

/** Insurance of return freight (运费险): what is insured, what it costs, what it has paid. */
export function CoverPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const cover = useShopCover(shop.id);
  const logistics = useLogistics(shop.id);
  if (cover.isPending) return <Skeleton active className="wb-panel" />;
  if (cover.isError) return <ErrorView error={cover.error} onRetry={() => void cover.refetch()} />;
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const { terms } = cover.data;
  return (
    <Card className="wb-section" title={t("logistics.cover_title")}>
      <p className="wb-muted">{t("logistics.cover_help", { premium: money(terms.premium_minor), limit: money(terms.limit_minor) })}</p>
      <Checkbox
        checked={cover.data.all_products}
        disabled={!mayEdit(shop.permissions, "settings")}
        onChange={(event) => void logistics.setCover(event.target.checked).catch((error: unknown) => void message.error(errorText(t, error)))}
        data-testid="cover-all"
      >
        {t("logistics.cover_all")}
      </Checkbox>
      <p data-testid="cover-figures">{t("logistics.cover_figures", { orders: cover.data.orders, charged: money(cover.data.charged_minor), paid: money(cover.data.paid_minor) })}</p>
    </Card>
  );
}
