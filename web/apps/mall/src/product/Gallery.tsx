import type { ProductDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useRef, useState } from "react";
import { Picture } from "../kit/basics";

/** Pictures of the product, swiped sideways; thumbnails on wide screens. */
export function Gallery({ product }: { product: ProductDetail }) {
  const { t } = useTranslation();
  const strip = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(0);
  const all = product.pictures.length > 0 ? product.pictures.map((picture) => picture.url) : [product.picture_url];
  const go = (index: number) => {
    const element = strip.current;
    element?.scrollTo({ left: index * element.clientWidth, behavior: "smooth" });
  };
  return (
    <div className="gallery">
      <div
        ref={strip}
        className="gallery-strip"
        onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / Math.max(1, event.currentTarget.clientWidth)))}
      >
        {all.map((url, index) => (
          <Picture key={url} url={url} alt={t("product.picture_of", { at: index + 1, count: all.length, name: product.name })} eager={index === 0} />
        ))}
      </div>
      {all.length > 1 ? (
        <>
          <span className="gallery-count" aria-hidden="true">
            {shown + 1}/{all.length}
          </span>
          <div className="thumbs">
            {all.map((url, index) => (
              <button key={url} type="button" className={index === shown ? "on" : ""} onClick={() => go(index)} aria-label={t("product.show_picture", { at: index + 1 })}>
                <Picture url={url} alt="" />
              </button>
            ))}
          </div>
        </>
      ) : null}
    </div>
  );
}
