import type { ContentCard, FeedFlash } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Picture } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { AnchorPrice } from "./AnchorPrice";
import type { CardActions } from "./FeedCard";

interface FootProps {
  card: ContentCard;
  /** Place of the product that stands; -1 for none. */
  standing: number;
  /** The anchor may rise soon: its picture is fetched, after that of the card itself. */
  anchorNear: boolean;
  actions: CardActions;
  whyText: string | null;
  /** Flash prices of the products, as they were when the page was served. */
  flashes: FeedFlash[];
}

/** Product, creator, caption and topics at the foot of the stage. */
export function Foot({ card, standing, anchorNear, actions, whyText, flashes }: FootProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const anchorShown = standing >= 0;
  const anchor = card.anchors[Math.max(standing, 0)];
  const flash = flashes.find((one) => one.product_id === anchor?.product.id);
  return (
    <div className="foot">
      {anchor ? (
        <button
          type="button"
          className={`anchor${anchorShown ? " risen" : ""}`}
          tabIndex={anchorShown ? 0 : -1}
          aria-hidden={!anchorShown}
          onClick={() => actions.openProduct(anchor.product.id)}
          data-testid="product-anchor"
          data-product-id={anchor.product.id}
        >
          {anchorNear ? <Picture url={anchor.product.picture_url} alt="" className="anchor-picture" /> : <span className="anchor-picture" />}
          <span className="anchor-text">
            <b>
              {anchor.label ? <i className="anchor-label">{anchor.label}</i> : null}
              {anchor.product.short_name || anchor.product.name}
            </b>
            <AnchorPrice key={flash?.ends_at} product={anchor.product} flash={flash} counting={anchorShown} />
          </span>
          <span className="anchor-go">{t("feed.anchor_go")}</span>
        </button>
      ) : null}
      {card.anchors.length > 1 && anchorShown ? (
        <button type="button" className="anchor-more" onClick={actions.openProducts} data-testid="all-products">
          {t("feed.all_products", { count: card.anchors.length })}
        </button>
      ) : null}
      <Link className="foot-creator" to={`/creator/${card.creator.id}`}>
        @{format.displayName(card.creator)}
        {card.creator.is_shop ? <small>{t("feed.shop_mark")}</small> : null}
      </Link>
      <Caption title={card.title} caption={card.caption} />
      {card.topic_tags.length > 0 ? (
        <p className="topics">
          {card.topic_tags.slice(0, 4).map((tag) => (
            <Link key={tag.id} to={`/search?q=${encodeURIComponent(tag.name)}&kind=contents`}>
              #{format.named(tag)}
            </Link>
          ))}
        </p>
      ) : null}
      {whyText ? (
        <button type="button" className="why-line" onClick={actions.openWhy} data-testid="why-button">
          <Icon name="why" size={14} />
          {whyText}
        </button>
      ) : null}
    </div>
  );
}

function Caption({ title, caption }: { title: string; caption: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [folds, setFolds] = useState(false);
  const text = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const element = text.current;
    if (element && !open && (title || caption)) setFolds(element.scrollHeight > element.clientHeight + 2);
  }, [caption, title, open]);
  return (
    <div className={`caption${open ? " open" : ""}`}>
      <p ref={text}>
        {title ? <b>{title}</b> : null} {caption === title ? null : caption}
      </p>
      {folds || open ? (
        <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t("feed.caption_less") : t("feed.caption_more")}
        </button>
      ) : null}
    </div>
  );
}
