import type { ProductDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useEffect } from "react";
import { useParams, useSearchParams } from "react-router";
import { readAttribution } from "../checkout/address";
import { ErrorState, Skeleton } from "../kit/states";
import { showToast } from "../kit/toast";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { signals } from "../signals/signals";
import { BuyBar } from "./BuyBar";
import { Gallery } from "./Gallery";
import { OptionPicker } from "./OptionPicker";
import "./product.css";
import { ProductView } from "./ProductView";
import { pickedAttribution, readPick, usePicked } from "./pick";
import { useProduct } from "./queries";
import { useTouch } from "./touch";
import { usePurchase } from "./usePurchase";

/** A product on its own address. */
export function ProductPage() {
  const { t } = useTranslation();
  const productId = Number(useParams().productId);
  const product = useProduct(productId);
  if (product.data) return <LoadedPage key={product.data.id} product={product.data} />;
  return (
    <main className="page page-product">
      <PageHead title={t("product.title")} />
      {product.isError ? <ErrorState error={product.error} onRetry={() => void product.refetch()} /> : <Skeleton className="skeleton-product" />}
    </main>
  );
}

function LoadedPage({ product }: { product: ProductDetail }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const attribution = pickedAttribution(readAttribution(search), usePicked(readPick(search)).data, product.id);
  const purchase = usePurchase(product, attribution);
  useTitle(product.name);
  useTouch(product.id, attribution);
  useEffect(() => {
    signals.track({ kind: "product_click", product_id: product.id, surface: "product" });
  }, [product.id]);
  const share = async () => {
    await navigator.clipboard.writeText(globalThis.location.href);
    showToast(t("feed.link_copied"));
  };
  return (
    <main className="page page-product" data-testid="product-page">
      <PageHead title={t("product.title")} action={{ icon: "share", label: t("product.share"), run: () => void share() }} />
      <div className="product-columns">
        <Gallery product={product} />
        <div className="product-main">
          <ProductView product={product} pickedText={purchase.text} onPick={() => purchase.setPicking("look")} full />
        </div>
      </div>
      <div className="foot-bar">
        <BuyBar product={product} purchase={purchase} />
      </div>
      {purchase.picking ? <OptionPicker product={product} purchase={purchase} intent={purchase.picking} /> : null}
    </main>
  );
}
