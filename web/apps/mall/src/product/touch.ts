import { api, type Attribution } from "@xingqu/client";
import { useEffect } from "react";

/** Tells the server once how one came to a product that is opened: an order within the window is credited to the last way. */
export function useTouch(productId: number, { surface, touch, request_id }: Attribution) {
  useEffect(() => {
    if (!surface) return;
    const body = { product_id: productId, surface, ...(touch ? { touch } : {}), ...(request_id ? { request_id } : {}) };
    // nobody is kept from looking or buying by it
    void api.POST("/api/v1/touches", { body }).catch(() => undefined);
  }, [productId, surface, touch, request_id]);
}
