import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Picture, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { Countdown } from "./Countdown";
import "./programmes.css";
import { useFlashShelf } from "./queries";

/** What is in a flash sale now; nothing at all when there is none. */
export function FlashShelf() {
  const { t } = useTranslation();
  const shelf = useFlashShelf();
  const items = shelf.data ?? [];
  const first = items[0];
  if (!first) return null;
  return (
    <section className="shelf flash-shelf" data-testid="shelf-flash">
      <h2>
        <Icon name="flame" size={18} /> {t("programmes.flash")} <Countdown endsAt={first.flash.ends_at} onOver={() => void shelf.refetch()} />
      </h2>
      <ul className="product-row">
        {items.map(({ product, flash }) => (
          <li key={product.id}>
            <Link className="tile" to={`/product/${product.id}?surface=mall`} data-testid="flash-tile">
              <span className="tile-picture">
                <Picture url={product.picture_url} alt="" />
              </span>
              <span className="tile-name">{product.short_name || product.name}</span>
              <span className="tile-foot">
                <Price money={flash.price} size="md" was={product.price} />
                <progress className="flash-progress" max={flash.allotment} value={flash.allotment - flash.left} aria-label={t("programmes.left", { count: flash.left })} />
                <small className="tile-facts">{t("programmes.left", { count: flash.left })}</small>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
