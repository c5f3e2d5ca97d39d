import { useIsFetching } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Suspense, useEffect } from "react";
import { NavLink, Outlet, useLocation, useMatch } from "react-router";
import { CountBadge } from "../kit/CountBadge";
import { useCart } from "../cart/queries";
import { Icon, type IconName } from "../kit/Icon";
import { SkeletonRows } from "../kit/states";
import { Toasts } from "../kit/toast";
import { useDesktop } from "../kit/useMedia";
import { useNoticeStream } from "../notices/queries";
import { useSession } from "../session/session";
import { DemoSwitch } from "./DemoSwitch";

const PLACES: { to: string; icon: IconName; key: string; desktopOnly?: boolean }[] = [
  { to: "/", icon: "feed", key: "feed" },
  { to: "/mall", icon: "shop", key: "mall" },
  { to: "/search", icon: "search", key: "search", desktopOnly: true },
  { to: "/cart", icon: "cart", key: "cart" },
  { to: "/orders", icon: "orders", key: "orders", desktopOnly: true },
  { to: "/notices", icon: "bell", key: "notices", desktopOnly: true },
  { to: "/me", icon: "me", key: "me" },
];

/** Pages with a bar of their own at the foot hide the tabs on phones. */
const WITHOUT_TABS = /^\/(product|checkout|pay|content|live\/.+|sign-in|sign-up|reset-password|orders\/.+|messages\/.+|search)/;

export function Shell() {
  const { t } = useTranslation();
  const desktop = useDesktop();
  const location = useLocation();
  const onFeed = useMatch("/") !== null;
  const onContent = useMatch("/content/:contentId") !== null;
  const onStage = onFeed || onContent;
  const session = useSession();
  const bare = !desktop && WITHOUT_TABS.test(location.pathname);
  // Of what the page shows something is still on its way for the first time; what is only asked for again isn't told.
  const loading = useIsFetching({ predicate: (query) => query.state.data === undefined }) > 0;
  useScrollToTop();
  useNoticeStream(session.data);
  return (
    <div className={`shell${onStage ? " on-stage" : ""}${bare ? " without-tabs" : ""}`}>
      <a className="skip-link" href="#content">
        {t("nav.skip")}
      </a>
      <Navigation desktop={desktop} dark={onStage} hidden={bare} unread={session.data?.unread_buyer_notices ?? 0} />
      <div id="content" className="shell-content" tabIndex={-1} aria-busy={loading}>
        <Suspense fallback={<PageFallback />}>
          <Outlet />
        </Suspense>
      </div>
      {session.data?.demo ? <DemoSwitch session={session.data} /> : null}
      <Toasts />
    </div>
  );
}

function Navigation({ desktop, dark, hidden, unread }: { desktop: boolean; dark: boolean; hidden: boolean; unread: number }) {
  const { t } = useTranslation();
  const cart = useCart();
  // on phones unread notices stand on "Me", whose page leads to them
  const counts: Record<string, number> = { cart: cart.data?.count ?? 0, [desktop ? "notices" : "me"]: unread };
  if (hidden) return null;
  const places = PLACES.filter((place) => desktop || !place.desktopOnly);
  return (
    <nav className={desktop ? "nav-rail" : "tab-bar"} aria-label={t("nav.label")} data-theme={dark ? "dark" : undefined}>
      {desktop ? (
        <NavLink to="/" className="brand" aria-label={t("common:app_name")}>
          <span className="brand-mark" aria-hidden="true">
            兴
          </span>
          <span className="brand-name">{t("common:app_name")}</span>
        </NavLink>
      ) : null}
      {places.map((place) => (
        <NavLink key={place.to} to={place.to} end={place.to === "/"} className="nav-place" data-testid={`nav-${place.key}`}>
          {({ isActive }) => (
            <>
              <span className="nav-icon">
                <Icon name={place.icon} filled={isActive && place.icon !== "search" && place.icon !== "cart"} />
                <CountBadge count={counts[place.key] ?? 0} />
              </span>
              <span>{t(`nav.${place.key}`)}</span>
            </>
          )}
        </NavLink>
      ))}
    </nav>
  );
}

function PageFallback() {
  return (
    <div className="page">
      <SkeletonRows count={5} />
    </div>
  );
}

function useScrollToTop() {
  const { pathname } = useLocation();
  useEffect(() => {
    if (pathname) globalThis.scrollTo(0, 0);
  }, [pathname]);
}
