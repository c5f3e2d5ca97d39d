import type { Attribution, ProductDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { ErrorState, Skeleton } from "../kit/states";
import { BuyBar } from "./BuyBar";
import { Gallery } from "./Gallery";
import { OptionPicker } from "./OptionPicker";
import "./product.css";
import { ProductView } from "./ProductView";
import { useProduct } from "./queries";
import { useTouch } from "./touch";
import { usePurchase } from "./usePurchase";

interface ProductSheetProps {
  productId: number;
  attribution: Attribution;
  docked: boolean;
  onClose: () => void;
}

/** A product over the clip that goes on playing. */
export function ProductSheet(props: ProductSheetProps) {
  const { t } = useTranslation();
  const product = useProduct(props.productId);
  if (product.data) return <LoadedSheet {...props} product={product.data} />;
  return (
    <Sheet title={t("product.title")} height="tall" docked={props.docked} onClose={props.onClose} testId="product-sheet">
      {product.isError ? <ErrorState error={product.error} onRetry={() => void product.refetch()} /> : <Skeleton className="skeleton-product" />}
    </Sheet>
  );
}

function LoadedSheet({ product, attribution, docked, onClose }: ProductSheetProps & { product: ProductDetail }) {
  const { t } = useTranslation();
  const purchase = usePurchase(product, attribution);
  useTouch(product.id, attribution);
  return (
    <>
      <Sheet
        title={
          <Link className="sheet-title-link" to={`/product/${product.id}`}>
            {t("product.title")} <Icon name="forward" size={14} />
          </Link>
        }
        height="tall"
        docked={docked}
        onClose={onClose}
        testId="product-sheet"
        footer={<BuyBar product={product} purchase={purchase} />}
      >
        <Gallery product={product} />
        <ProductView product={product} pickedText={purchase.text} onPick={() => purchase.setPicking("look")} full={false} />
      </Sheet>
      {purchase.picking ? <OptionPicker product={product} purchase={purchase} intent={purchase.picking} /> : null}
    </>
  );
}
