import type { Attribution, ProductDetail, Sku } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAddToCart } from "../cart/queries";
import { checkoutAddress } from "../checkout/address";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { signals } from "../signals/signals";
import { findSku, firstPick, missingOption, type Picked, pickedText } from "./options";

export type Intent = "cart" | "buy";

/** The state of choosing and buying one product, shared by the sheet and the page. */
export function usePurchase(product: ProductDetail, attribution: Attribution) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const report = useReport();
  const add = useAddToCart();
  const [picked, setPicked] = useState<Picked>(() => firstPick(product));
  const [quantity, setQuantity] = useState(1);
  const [picking, setPicking] = useState<Intent | "look" | null>(null);
  const sku = findSku(product, picked);
  const missing = missingOption(product, picked);

  const carryOut = (intent: Intent, chosen: Sku) => {
    setPicking(null);
    if (intent === "buy") {
      navigate(checkoutAddress([{ sku_id: chosen.id, quantity }], attribution));
      return;
    }
    add.mutate(
      { sku_id: chosen.id, quantity, attribution },
      {
        onSuccess: () => {
          signals.track({ kind: "add_to_cart", product_id: product.id, ...signalContext(attribution) });
          showToast(t("product.in_cart"), { action: { label: t("product.to_cart"), run: () => navigate("/cart") } });
        },
        onError: report,
      },
    );
  };

  /** One of the two buttons: asks for the options first when there is something to choose. */
  const start = (intent: Intent) => {
    if (!sku || product.options.some((option) => option.values.length > 1)) setPicking(intent);
    else carryOut(intent, sku);
  };

  /** The button inside the option picker. */
  const confirm = (intent: Intent) => {
    if (missing) showToast(t("product.pick_first", { name: missing }));
    else if (sku) carryOut(intent, sku);
  };

  const pick = (optionId: number, valueId: number) => {
    const next = { ...picked };
    if (next[optionId] === valueId) delete next[optionId];
    else next[optionId] = valueId;
    setPicked(next);
    const chosen = findSku(product, next);
    if (chosen && quantity > chosen.available) setQuantity(Math.max(1, chosen.available));
  };

  return { sku, picked, pick, quantity, setQuantity, picking, setPicking, start, confirm, busy: add.isPending, text: pickedText(product, picked) };
}

export type Purchase = ReturnType<typeof usePurchase>;

const SIGNAL_SURFACES = ["for_you", "following", "mall", "search", "product", "creator"] as const;

/** Surfaces that the interest engine knows; an order knows more of them. */
function isSignalSurface(surface: Attribution["surface"]): surface is (typeof SIGNAL_SURFACES)[number] {
  return (SIGNAL_SURFACES as readonly (typeof surface)[]).includes(surface);
}

function signalContext(attribution: Attribution) {
  return {
    ...(attribution.content_id ? { content_id: attribution.content_id } : {}),
    ...(attribution.creator_id ? { creator_id: attribution.creator_id } : {}),
    ...(attribution.request_id ? { request_id: attribution.request_id } : {}),
    ...(isSignalSurface(attribution.surface) ? { surface: attribution.surface } : {}),
  };
}
