import type { ProductDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link } from "react-router";
import { ProductCover } from "../aftersale/FreightCover";
import { ContentGrid } from "../content/ContentGrid";
import { Avatar, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { PresaleCards } from "../presale/PresaleCards";
import { FlashBanner, ProgrammeRow } from "../programmes/ProductProgrammes";
import { BundleCards } from "../programmes/BundleCards";
import { ProductGrid } from "../shelf/ProductGrid";
import { limitText } from "./limit";
import { useRelated } from "./queries";
import { Reviews } from "./Reviews";

const PROMISES = new Set(["no_reason_return_7d", "ships_24h", "ships_48h", "freight_insurance", "compensation_for_fakes", "free_shipping"]);

interface ProductViewProps {
  product: ProductDetail;
  pickedText: string;
  onPick: () => void;
  /** On its own page, where there is more room. */
  full: boolean;
}

/** All that is known about a product, beside its pictures. */
export function ProductView({ product, pickedText, onPick, full }: ProductViewProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <FlashBanner productId={product.id} />
      <PresaleCards productId={product.id} />
      <section className="product-head">
        <div className="product-price">
          <PriceRange product={product} />
          {product.sold_count > 0 ? (
            <span className="muted">{t("product.sold", { count: product.sold_count, text: format.compact(product.sold_count) })}</span>
          ) : null}
        </div>
        <h1 className={full ? "product-name" : "product-name small"}>{product.name}</h1>
        {product.brief ? <p className="product-brief">{product.brief}</p> : null}
        {product.feature_tags.length > 0 ? (
          <p className="tag-row">
            {product.feature_tags.slice(0, 6).map((tag) => (
              <Link key={tag.id} className="tag" to={`/search?q=${encodeURIComponent(tag.name)}`}>
                {format.named(tag)}
              </Link>
            ))}
          </p>
        ) : null}
      </section>
      <section className="card-list">
        {product.options.length > 0 ? (
          <button type="button" className="line-row" onClick={onPick} data-testid="pick-options">
            <span className="line-label">{t("product.options")}</span>
            <span className="line-value">{pickedText || t("product.pick_options", { names: product.options.map((option) => option.name).join(" · ") })}</span>
            <Icon name="forward" size={16} />
          </button>
        ) : null}
        <LimitRow product={product} />
        <BundleCards productId={product.id} />
        <ProgrammeRow productId={product.id} />
        <ProductCover productId={product.id} />
        {product.promises.length > 0 ? (
          <div className="line-row">
            <span className="line-label">{t("product.promises")}</span>
            <span className="line-value promises">
              {product.promises
                .filter((code) => PROMISES.has(code))
                .map((code) => (
                  <span key={code}>
                    <Icon name="shield" size={14} />
                    {t(`promise.${code}`)}
                  </span>
                ))}
            </span>
          </div>
        ) : null}
      </section>
      <Reviews productId={product.id} count={product.review_count} score={product.score} />
      <section className="card-list">
        <Link className="line-row shop-row" to={`/search?q=${encodeURIComponent(product.shop.name)}`}>
          <Avatar url={product.shop.avatar_url} name={format.named(product.shop)} size={44} />
          <span className="line-value">
            <b>{format.named(product.shop)}</b>
            <small className="muted">{t("product.shop_goods")}</small>
          </span>
          <Icon name="forward" size={16} />
        </Link>
        <Link className="line-row" to={`/messages/shop/${product.shop.id}?product=${product.id}`}>
          <Icon name="comment" size={20} />
          <span className="line-value">{t("chat.ask_shop", { name: format.named(product.shop) })}</span>
          <Icon name="forward" size={16} />
        </Link>
      </section>
      <Attributes product={product} />
      {product.detail_paragraphs.length > 0 ? (
        <section className="product-section">
          <h2>{t("product.details")}</h2>
          {product.detail_paragraphs.map((paragraph) => (
            <p key={paragraph} className="product-paragraph">
              {paragraph}
            </p>
          ))}
        </section>
      ) : null}
      <Related productId={product.id} />
    </>
  );
}

function LimitRow({ product }: { product: ProductDetail }) {
  const { t } = useTranslation();
  if (!product.limit) return null;
  return (
    <div className="line-row" data-testid="purchase-limit">
      <span className="line-label">{t("limit.label")}</span>
      <span className="line-value">{limitText(t, product.limit)}</span>
    </div>
  );
}

function PriceRange({ product }: { product: ProductDetail }) {
  const format = useFormat();
  const ranged = product.max_price.amount_minor > product.min_price.amount_minor;
  return (
    <span className="price-range">
      <Price money={product.price} size="lg" was={ranged ? null : product.list_price} />
      {ranged ? <small className="muted"> – {format.money(product.max_price)}</small> : null}
    </span>
  );
}

const ATTRIBUTES_FIRST = 6;

function Attributes({ product }: { product: ProductDetail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (product.attributes.length === 0) return null;
  const shown = open ? product.attributes : product.attributes.slice(0, ATTRIBUTES_FIRST);
  return (
    <section className="product-section">
      <h2>{t("product.attributes")}</h2>
      <dl className="attributes">
        {shown.map((attribute) => (
          <div key={attribute.name}>
            <dt>{attribute.name}</dt>
            <dd>{attribute.value}</dd>
          </div>
        ))}
      </dl>
      {product.attributes.length > ATTRIBUTES_FIRST ? (
        <button type="button" className="text-button" onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t("product.attributes_less") : t("product.attributes_all", { count: product.attributes.length })}
        </button>
      ) : null}
    </section>
  );
}

function Related({ productId }: { productId: number }) {
  const { t } = useTranslation();
  const related = useRelated(productId);
  if (!related.data) return null;
  return (
    <>
      {related.data.contents.length > 0 ? (
        <section className="product-section">
          <h2>{t("product.clips")}</h2>
          <ContentGrid contents={related.data.contents} layout="row" />
        </section>
      ) : null}
      {related.data.similar.length > 0 ? (
        <section className="product-section">
          <h2>{t("product.similar")}</h2>
          <ProductGrid products={related.data.similar} surface="product" />
        </section>
      ) : null}
    </>
  );
}
