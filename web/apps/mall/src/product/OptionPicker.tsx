import type { ProductDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { Picture, Price, Stepper } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { useSkuFlash } from "../programmes/ProductProgrammes";
import { limitsOf, limitText, mostPerOrder } from "./limit";
import { isAvailable } from "./options";
import type { Intent, Purchase } from "./usePurchase";

const MAX_QUANTITY = 99;

/** Options with their stock, the pick in words, the quantity, and the button that was meant. */
export function OptionPicker({ product, purchase, intent }: { product: ProductDetail; purchase: Purchase; intent: Intent | "look" }) {
  const { t } = useTranslation();
  const { sku, picked, quantity } = purchase;
  const flash = useSkuFlash(product.id, sku?.id ?? null);
  const limits = limitsOf(product, sku);
  const most = Math.min(MAX_QUANTITY, mostPerOrder(limits), Math.max(1, sku?.available ?? MAX_QUANTITY));
  const soldOut = sku !== null && sku.available <= 0;
  return (
    <Sheet
      title={t("product.pick_title")}
      onClose={() => purchase.setPicking(null)}
      testId="option-picker"
      footer={
        <div className="buy-bar">
          {intent === "buy" ? null : (
            <button type="button" className="button button-second" disabled={soldOut || purchase.busy} onClick={() => purchase.confirm("cart")} data-testid="confirm-cart">
              {t("product.add_to_cart")}
            </button>
          )}
          {intent === "cart" ? null : (
            <button type="button" className="button" disabled={soldOut} onClick={() => purchase.confirm("buy")} data-testid="confirm-buy">
              {t("product.buy_now")}
            </button>
          )}
        </div>
      }
    >
      <div className="picker-head">
        <Picture url={pickedPicture(product, purchase) ?? product.picture_url} alt="" />
        <div>
          <Price money={flash?.price ?? sku?.price ?? product.price} size="lg" was={flash ? (sku?.price ?? null) : (sku?.list_price ?? null)} />
          {flash ? <p className="discount-sum">{t("programmes.limit_note", { count: Math.min(flash.limit_per_person, flash.left) })}</p> : null}
          <p className="muted">{sku ? t("product.stock", { count: sku.available }) : t("product.pick_hint")}</p>
          {limits.map((limit, index) => (
            <p key={index} className="discount-sum">
              {limitText(t, limit)}
            </p>
          ))}
          <p>{purchase.text ? t("product.picked", { text: purchase.text }) : ""}</p>
        </div>
      </div>
      {product.options.map((option) => (
        <fieldset key={option.id} className="picker-option">
          <legend>{option.name}</legend>
          <div className="chips">
            {option.values.map((value) => {
              const available = isAvailable(product, picked, option.id, value.id);
              return (
                <button
                  key={value.id}
                  type="button"
                  className="chip"
                  aria-pressed={picked[option.id] === value.id}
                  disabled={!available && picked[option.id] !== value.id}
                  onClick={() => purchase.pick(option.id, value.id)}
                  data-testid="option-value"
                >
                  {value.picture_url ? <Picture url={value.picture_url} alt="" /> : null}
                  {value.name}
                </button>
              );
            })}
          </div>
        </fieldset>
      ))}
      <div className="line-row">
        <span className="line-label">{t("product.quantity")}</span>
        <span className="line-value" />
        <Stepper value={quantity} max={most} onChange={purchase.setQuantity} label={t("product.quantity")} />
      </div>
    </Sheet>
  );
}

function pickedPicture(product: ProductDetail, purchase: Purchase): string | null {
  for (const option of product.options) {
    const value = option.values.find((candidate) => candidate.id === purchase.picked[option.id]);
    if (value?.picture_url) return value.picture_url;
  }
  return null;
}
