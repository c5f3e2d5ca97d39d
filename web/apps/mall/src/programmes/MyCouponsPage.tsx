import type { MyCoupon } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useSearchParams } from "react-router";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { useSession } from "../session/session";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { ClaimList } from "./ClaimList";
import "./programmes.css";
import { type CouponTab, useMyCouponCounts, useMyCoupons, usePlatformCoupons } from "./queries";
import { Ticket } from "./Ticket";

const TABS: CouponTab[] = ["usable", "used", "expired"];

/** One's own coupons, and what the platform has to claim. */
export function MyCouponsPage() {
  const { t } = useTranslation();
  useTitle(t("programmes.my_coupons"));
  const session = useSession();
  return (
    <main className="page page-narrow" data-testid="my-coupons">
      <PageHead title={t("programmes.my_coupons")} />
      {session.isPending ? <SkeletonRows /> : null}
      {session.isSuccess && !session.data.person ? (
        <EmptyState
          icon="ticket"
          title={t("programmes.sign_in")}
          hint={t("programmes.sign_in_hint")}
          action={
            <Link className="button" to="/sign-in?next=/me/coupons">
              {t("account.sign_in")}
            </Link>
          }
        />
      ) : null}
      {session.data?.person ? <Mine /> : null}
      <Platform />
    </main>
  );
}

function Mine() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const tab = TABS.find((one) => one === search.get("tab")) ?? "usable";
  const counts = useMyCouponCounts(true);
  const list = useMyCoupons(tab);
  const coupons = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Segments<CouponTab>
        label={t("programmes.my_coupons")}
        items={TABS.map((key) => ({ key, label: t(`programmes.tab.${key}`), ...(key === "usable" && counts.data ? { badge: counts.data.usable } : {}) }))}
        value={tab}
        onChange={(next) => setSearch({ tab: next }, { replace: true })}
      />
      {list.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && coupons.length === 0 ? <EmptyState icon="ticket" title={t(`programmes.empty.${tab}`)} hint={t("programmes.empty_hint")} /> : null}
      <ul className="tickets">
        {coupons.map((coupon) => (
          <li key={coupon.claimed_id}>
            <Held coupon={coupon} />
          </li>
        ))}
      </ul>
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  );
}

function Held({ coupon }: { coupon: MyCoupon }) {
  const { t } = useTranslation();
  const format = useFormat();
  const usable = coupon.state === "usable";
  const facts = coupon.state === "upcoming" ? t("programmes.valid_from", { date: format.dateTime(coupon.valid_from) }) : t("programmes.valid_until", { date: format.dateTime(coupon.valid_until) });
  return (
    <Ticket
      coupon={coupon}
      issuer={coupon.shop_name ?? t("programmes.platform")}
      facts={facts}
      dim={!usable}
      side={
        usable ? (
          <Link className="button button-small" to={coupon.shop_name ? `/search?q=${encodeURIComponent(coupon.shop_name)}` : "/mall"}>
            {t("programmes.use")}
          </Link>
        ) : coupon.order_no ? (
          <Link className="muted" to="/orders">
            {t(`programmes.state.${coupon.state}`)}
          </Link>
        ) : (
          <span className="muted">{t(`programmes.state.${coupon.state}`)}</span>
        )
      }
    />
  );
}

function Platform() {
  const { t } = useTranslation();
  const offered = usePlatformCoupons();
  const open = offered.data?.filter((coupon) => coupon.can_claim) ?? [];
  if (open.length === 0) return null;
  return (
    <section>
      <h2>{t("programmes.to_claim")}</h2>
      <ClaimList coupons={open} />
    </section>
  );
}
