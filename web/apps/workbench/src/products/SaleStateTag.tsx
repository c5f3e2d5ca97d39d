import { useTranslation } from "@xingqu/i18n";
import { Popover, Tag } from "antd";
import type { MerchantProduct } from "../api/types";
import { fieldName, reasonsByField } from "./check-reasons";

const COLOURS: Record<string, string> = {
  on_sale: "success",
  sold_out: "warning",
  offline: "default",
  not_approved: "error",
  banned: "error",
  deleted: "default",
  draft: "processing",
  pending: "processing",
};

/** Whether it can be bought, and if not, why and what to do. */
export function SaleStateTag({ product }: { product: MerchantProduct }) {
  const { t, i18n } = useTranslation();
  const special = product.check_status === "rejected" || product.check_status === "pending" ? product.check_status : null;
  const code = special && product.sale_state.code === "not_approved" ? special : product.sale_state.code;
  const reasons = reasonsByField(t, product.check_reasons, i18n.language);
  const tag = (
    <Tag color={code === "rejected" ? "error" : (COLOURS[code] ?? "default")}>{t(`products.sale_state.${code}`, { defaultValue: code })}</Tag>
  );
  if (product.sale_state.can_buy && reasons.size === 0) return tag;
  return (
    <Popover
      title={t(`products.sale_state.${code}`, { defaultValue: code })}
      content={
        <div className="wb-popover">
          <p>{t(`products.sale_state_help.${code}`, { defaultValue: "" })}</p>
          {reasons.size > 0 && (
            <ul>
              {[...reasons].map(([field, text]) => (
                <li key={field}>
                  {fieldName(t, field)}: {text}
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
