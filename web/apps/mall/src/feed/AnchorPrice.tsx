import type { ContentCard, FeedFlash } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Price } from "../kit/basics";
import { Countdown } from "../programmes/Countdown";
import { flashNow } from "./flash";

interface AnchorPriceProps {
  product: ContentCard["anchors"][number]["product"];
  flash: FeedFlash | undefined;
  /** Whether the anchor is to be seen: only then does the clock run. */
  counting: boolean;
}

/** What the product costs: the flash price with its clock, and the usual one again when it ends while looked at. */
export function AnchorPrice({ product, flash, counting }: AnchorPriceProps) {
  const { t } = useTranslation();
  const [mountedAt] = useState(() => Date.now());
  const [over, setOver] = useState(false);
  const running = over ? null : flashNow(flash, mountedAt);
  if (!running) return <Price money={product.price} size="sm" was={product.list_price} />;
  return (
    <span className="anchor-flash" data-testid="anchor-flash">
      <i className="anchor-label">{t("programmes.flash")}</i>
      <Price money={running.price} size="sm" was={product.price} />
      {counting ? <Countdown endsAt={running.ends_at} onOver={() => setOver(true)} /> : null}
    </span>
  );
}
