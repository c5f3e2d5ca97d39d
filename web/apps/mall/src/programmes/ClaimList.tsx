import type { CouponOnOffer } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useLocation, useNavigate } from "react-router";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";
import { useClaim } from "./queries";
import { Ticket } from "./Ticket";

const REASONS = new Set(["gone", "limit_reached", "new_customer_only"]);

/** Coupons with a button to claim each. */
export function ClaimList({ coupons }: { coupons: CouponOnOffer[] }) {
  return (
    <ul className="tickets">
      {coupons.map((coupon) => (
        <li key={coupon.id}>
          <Claimable coupon={coupon} />
        </li>
      ))}
    </ul>
  );
}

function Claimable({ coupon }: { coupon: CouponOnOffer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const session = useSession();
  const navigate = useNavigate();
  const here = useLocation();
  const claim = useClaim();
  const run = () => {
    if (!session.data?.person) {
      navigate(`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`);
      return;
    }
    claim.mutate(coupon.id, { onSuccess: () => showToast(t("programmes.claimed")), onError: report });
  };
  const validity = coupon.valid_days ? t("programmes.valid_days", { count: coupon.valid_days }) : t("programmes.valid_until", { date: format.date(coupon.use_until ?? coupon.claim_until) });
  const facts = [
    ...(coupon.audience === "new_customer" ? [t("programmes.new_customer")] : []),
    ...(coupon.scope === "all" ? [] : [t("programmes.scope", { names: coupon.scope_names.join("、") })]),
    validity,
  ].join(" · ");
  const refused = coupon.reason && REASONS.has(coupon.reason) ? coupon.reason : "gone";
  return (
    <Ticket
      coupon={coupon}
      issuer={coupon.shop_name ?? t("programmes.platform")}
      facts={facts}
      dim={!coupon.can_claim && coupon.mine === 0}
      side={
        coupon.can_claim ? (
          <button type="button" className="button button-small" disabled={claim.isPending} onClick={run} data-testid="claim-coupon">
            {t(coupon.mine > 0 ? "programmes.claim_again" : "programmes.claim")}
          </button>
        ) : (
          <span className="muted">{coupon.mine > 0 ? t("programmes.have") : t(`programmes.refused.${refused}`)}</span>
        )
      }
    />
  );
}
