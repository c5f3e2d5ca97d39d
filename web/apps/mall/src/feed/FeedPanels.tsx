import { useTranslation } from "@xingqu/i18n";
import { CommentsSheet } from "../content/CommentsSheet";
import { Sheet } from "../kit/Sheet";
import { ProductSheet } from "../product/ProductSheet";
import { ProductGrid } from "../shelf/ProductGrid";
import { signals } from "../signals/signals";
import type { Panel } from "./FeedCard";
import { OptionsSheet } from "./OptionsSheet";
import type { PlacedItem, Surface } from "./useFeed";
import { WhySheet } from "./WhySheet";

interface FeedPanelsProps {
  panel: Panel;
  item: PlacedItem;
  surface: Surface;
  desktop: boolean;
  speed: number;
  onSpeed: (speed: number) => void;
  onPanel: (panel: Panel) => void;
  onClose: () => void;
}

/** What rises over the stage: comments, options, products, the reason. */
export function FeedPanels({ panel, item, surface, desktop, speed, onSpeed, onPanel, onClose }: FeedPanelsProps) {
  const { t } = useTranslation();
  const card = item.content;
  if (panel === "comments") {
    const context = { content_id: card.id, creator_id: card.creator.id, ...(item.requestId ? { request_id: item.requestId } : {}), position: item.position, surface };
    return <CommentsSheet key={card.id} card={card} docked={desktop} onClose={onClose} onSent={() => signals.track({ kind: "comment", ...context })} />;
  }
  if (panel === "options") return <OptionsSheet item={item} surface={surface} speed={speed} onSpeed={onSpeed} onWhy={() => onPanel("why")} onClose={onClose} />;
  if (panel === "why") return <WhySheet item={item} onClose={onClose} />;
  if (panel === "products") {
    return (
      <Sheet title={t("feed.all_products", { count: card.anchors.length })} onClose={onClose} testId="products-sheet">
        <ProductGrid products={card.anchors.map((anchor) => anchor.product)} surface={surface} touch={card.touch} />
      </Sheet>
    );
  }
  return (
    <ProductSheet
      key={panel.product}
      productId={panel.product}
      docked={desktop}
      attribution={{ content_id: card.id, creator_id: card.creator.id, request_id: item.requestId || null, surface: item.why === null ? "content" : surface, ...(card.touch ? { touch: card.touch } : {}) }}
      onClose={onClose}
    />
  );
}
