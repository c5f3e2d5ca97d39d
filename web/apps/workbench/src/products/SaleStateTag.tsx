import { useTranslation } from "@xingqu/i18n";
import { Popover, Tag } from "antd";
import type { MerchantProduct } from "../api/types";

const COLOURS: Record<string, string> = {
  on_sale: "success",
  sold_out: "warning",
  offline: "default",
  not_approved: "error",
  banned: "error",
  deleted: "default",
  draft: "processing",
};

/** Whether it can be bought, and if not, why and what to do. */
export function SaleStateTag({ product }: { product: MerchantProduct }) {
  const { t } = useTranslation();
  const code = product.check_status === "rejected" && product.sale_state.code !== "banned" ? "rejected" : product.sale_state.code;
  const reasons = product.check_reasons ?? [];
  const tag = (
    <Tag color={code === "rejected" ? "error" : (COLOURS[code] ?? "default")}>{t(`products.sale_state.${code}`, { defaultValue: code })}</Tag>
  );
  if (product.sale_state.can_buy && reasons.length === 0) return tag;
  return (
    <Popover
      title={t(`products.sale_state.${code}`, { defaultValue: code })}
      content={
        <div className="wb-popover">
          <p>{t(`products.sale_state_help.${code}`, { defaultValue: "" })}</p>
          {reasons.length > 0 && (
            <ul>
              {reasons.map((reason) => (
                <li key={`${reason.field}-${reason.code}`}>
                  {t(`products.field.${reason.field}`, { defaultValue: reason.field })}：
                  {t(`products.check.${reason.code}`, { defaultValue: reason.message })}
                </li>
              ))}
            </ul>
          )}
        </div>
      }
    >
      <button type="button" className="wb-bare">
        {tag}
      </button>
    </Popover>
  );
}
