import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Skeleton } from "antd";
import { useState } from "react";
import { rateText } from "../alliance/rates";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { Bars } from "../charts/Bars";
import { ShareLink } from "../showcase/ShareLink";
import { Lift, Reasons } from "./parts";
import { type Offer, useCreatorActions, useOffer } from "./queries";

/** A product that a creator could sell: terms, what is to be expected, why. */
export function OfferCard({ creatorId, offer, editable, onOpen }: { creatorId: number; offer: Offer; editable: boolean; onOpen?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: offer.product.price.currency });
  return (
    <article className="wb-panel" data-testid="offer">
      <div className="wb-line">
        {offer.product.picture_url && <img src={offer.product.picture_url} alt="" width={64} height={64} loading="lazy" />}
        <span className="wb-todo-words">
          <strong className="wb-clip-2">{onOpen ? <Button type="link" onClick={onOpen} data-testid="offer-open">{offer.product.name}</Button> : offer.product.name}</strong>
          <span className="wb-muted">
            {format.money(offer.product.price)} · {format.named({ name: offer.product.shop_name, name_en: offer.product.shop_name_en })} · {offer.shop_score === null ? t("matching.no_score") : t("matching.shop_score", { score: offer.shop_score })}
          </span>
        </span>
      </div>
      <p>
        <strong className="wb-number">{t("matching.per_sale", { amount: money(offer.expected_minor), rate: rateText(offer.commission_bp) })}</strong>{" "}
        <span className="wb-muted">{t(`alliance.kind.${offer.kind}`)}</span> <Lift lift={offer.lift} />
      </p>
      <p className="wb-muted">{t("matching.per_mille", { sales: offer.sales_per_mille, amount: money(offer.earned_per_mille_minor) })}</p>
      <Reasons reasons={offer.reasons} />
      {editable && (
        <div className="wb-filters">
          <TakeUp creatorId={creatorId} offer={offer} />
          {offer.taken_up && <CopyLink creatorId={creatorId} offer={offer} />}
        </div>
      )}
    </article>
  );
}

function TakeUp({ creatorId, offer }: { creatorId: number; offer: Offer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { takeUp } = useCreatorActions(creatorId);
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    try {
      await takeUp(offer);
      void message.success(t("matching.took_up"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button type={offer.taken_up ? "default" : "primary"} disabled={offer.taken_up} loading={busy} onClick={() => void take()} data-testid="offer-take">
      {t(offer.taken_up ? "matching.taken_up" : "matching.take_up")}
    </Button>
  );
}

/** The creator's own link to what they have taken up. */
function CopyLink({ creatorId, offer }: { creatorId: number; offer: Offer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { link } = useCreatorActions(creatorId);
  const [pick, setPick] = useState<string | null>(null);
  const show = () => link(offer.product.id).then(setPick, (error: unknown) => void message.error(errorText(t, error)));
  return (
    <>
      <Button onClick={() => void show()} data-testid="offer-link">
        {t("showcase.share")}
      </Button>
      {pick !== null && <ShareLink pickSource={pick} name={offer.product.name} onClose={() => setPick(null)} />}
    </>
  );
}

/** One product with its reviews and what creators sell of it. */
export function OfferDrawer({ creatorId, productId, editable, onClose }: { creatorId: number; productId: number; editable: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const detail = useOffer(creatorId, productId);
  return (
    <Drawer open onClose={onClose} title={detail.data?.product.name ?? ""} size="large">
      {detail.isPending && <Skeleton active />}
      {detail.isError && <ErrorView error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data && (
        <>
          <OfferCard creatorId={creatorId} offer={detail.data} editable={editable} />
          <p>{detail.data.reviews.count > 0 ? t("matching.reviews", { count: detail.data.reviews.count, score: detail.data.reviews.score ?? "–" }) : t("matching.no_reviews")}</p>
          <Bars
            title={t("matching.trend")}
            names={[t("matching.trend")]}
            bars={detail.data.trend.filter((day) => day.orders > 0).map((day) => ({ key: day.day, label: day.day, values: [day.orders], words: `${day.orders} · ${format.money({ amount_minor: day.amount_minor, currency: "CNY" })}` }))}
          />
        </>
      )}
    </Drawer>
  );
}
