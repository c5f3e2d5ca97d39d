import type { FlashPrice, ProductCard } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Picture, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { Skeleton } from "../kit/states";
import { Countdown } from "../programmes/Countdown";
import "../programmes/programmes.css";
import { useFlashPrices } from "../programmes/queries";
import "./shelf.css";

interface ProductGridProps {
  products: ProductCard[];
  surface: string;
  /** Of the card that shows these products. */
  touch?: string;
  /** Where each product was shown by itself. */
  touchOf?: (productId: number) => string;
  /** A line below a product. */
  note?: (productId: number) => ReactNode;
  layout?: "grid" | "row";
}

export function ProductGrid({ products, surface, touch = "", touchOf = () => touch, note, layout = "grid" }: ProductGridProps) {
  const flash = useFlashPrices(products.map((product) => product.id));
  return (
    <ul className={`product-${layout}`}>
      {products.map((product) => (
        <li key={product.id}>
          <ProductTile product={product} query={addressQuery(surface, touchOf(product.id))} flash={flash.data?.get(product.id) ?? null} />
          {note?.(product.id)}
        </li>
      ))}
    </ul>
  );
}

const addressQuery = (surface: string, touch: string) => new URLSearchParams({ surface, ...(touch ? { touch } : {}) }).toString();

function ProductTile({ product, query, flash: offered }: { product: ProductCard; query: string; flash: FlashPrice | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const gone = !product.sale_state.can_buy;
  const flash = offered && offered.left > 0 && offered.price.amount_minor < product.price.amount_minor && !gone ? offered : null;
  return (
    <Link className={`tile${gone ? " tile-gone" : ""}`} to={`/product/${product.id}?${query}`} data-testid="product-tile">
      <span className="tile-picture">
        <Picture url={product.picture_url} alt="" />
        {gone ? <span className="tile-state">{t("product.cannot_short")}</span> : null}
      </span>
      <span className="tile-name">{product.name}</span>
      {product.brief ? <span className="tile-brief">{product.brief}</span> : null}
      <span className="tile-foot">
        {flash ? (
          <span className="flash-tag" data-testid="tile-flash">
            <span>
              <Icon name="flame" size={13} /> {t("programmes.flash")}
            </span>
            <Countdown endsAt={flash.ends_at} />
          </span>
        ) : null}
        <Price money={flash ? flash.price : product.price} size="md" was={flash ? product.price : product.list_price} />
        <span className="tile-facts">
          {product.score && product.review_count > 0 ? (
            <span>
              <Icon name="star" size={11} filled /> {product.score.toFixed(1)}
            </span>
          ) : null}
          {product.sold_count > 0 ? <span>{t("product.sold", { count: product.sold_count, text: format.compact(product.sold_count) })}</span> : null}
        </span>
      </span>
    </Link>
  );
}

export function ProductGridSkeleton({ count = 6 }: { count?: number }) {
  const { t } = useTranslation("common");
  return (
    <div className="product-grid" role="status" aria-label={t("loading")}>
      <Skeleton className="skeleton-tile" count={count} />
    </div>
  );
}
