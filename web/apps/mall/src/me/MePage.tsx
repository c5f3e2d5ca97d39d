import { useTranslation, type Language, LANGUAGES, setLanguage } from "@xingqu/i18n";
import { applyThemeChoice, readThemeChoice, type ThemeChoice } from "@xingqu/ui";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useCaseCounts } from "../aftersale/queries";
import { resetEngagement } from "../content/engagement";
import { Avatar } from "../kit/basics";
import { CountBadge } from "../kit/CountBadge";
import { Icon, type IconName } from "../kit/Icon";
import { Segments } from "../kit/Segments";
import { Skeleton } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useOrderCounts } from "../orders/queries";
import { useSession, useSignOut, useUpdateMe } from "../session/session";
import { useTitle } from "../shell/useTitle";
import { MyContents } from "./MyContents";
import "./me.css";

const ORDER_TABS: { tab: "unpaid" | "to_ship" | "shipped" | "to_review"; icon: IconName }[] = [
  { tab: "unpaid", icon: "wallet" },
  { tab: "to_ship", icon: "box" },
  { tab: "shipped", icon: "truck" },
  { tab: "to_review", icon: "star" },
];
const THEMES: ThemeChoice[] = ["system", "light", "dark"];

export function MePage() {
  const { t } = useTranslation();
  useTitle(t("nav.me"));
  return (
    <main className="page page-me">
      <Who />
      <div className="me-columns">
        <div>
          <OrdersRow />
          <Places />
          <Settings />
        </div>
        <MyContents />
      </div>
    </main>
  );
}

function Who() {
  const { t } = useTranslation();
  const session = useSession();
  const person = session.data?.person;
  if (session.isPending) return <Skeleton className="skeleton-who" />;
  if (!person) {
    return (
      <section className="who">
        <Avatar url={null} name="☺" size={64} />
        <div>
          <h1>{t("me.guest")}</h1>
          <p className="muted">{t("me.guest_hint")}</p>
        </div>
        <Link className="button" to="/sign-in?next=/me" data-testid="sign-in-link">
          {t("account.sign_in")}
        </Link>
      </section>
    );
  }
  return (
    <section className="who" data-testid="me-person">
      <Avatar url={person.avatar_url} name={person.display_name} size={64} />
      <div>
        <h1>{person.display_name}</h1>
        <p className="muted">{person.email}</p>
      </div>
      {session.data && session.data.organisations.length > 0 ? (
        <a className="button button-quiet" href="/workbench/">
          {t("me.workbench")}
        </a>
      ) : null}
    </section>
  );
}

function OrdersRow() {
  const { t } = useTranslation();
  const session = useSession();
  const counts = useOrderCounts(Boolean(session.data?.person));
  const cases = useCaseCounts(Boolean(session.data?.person));
  return (
    <section className="card">
      <Link className="card-title" to="/orders">
        <h2>{t("nav.orders")}</h2>
        <span className="muted">
          {t("me.all_orders")} <Icon name="forward" size={14} />
        </span>
      </Link>
      <div className="order-shortcuts">
        {ORDER_TABS.map(({ tab, icon }) => (
          <Link key={tab} to={`/orders?tab=${tab}`}>
            <span className="nav-icon">
              <Icon name={icon} size={26} />
              {counts.data?.[tab] ? <b className="badge">{counts.data[tab]}</b> : null}
            </span>
            {t(`orders.tab.${tab}`)}
          </Link>
        ))}
        <Link to="/aftersales" data-testid="to-aftersales">
          <span className="nav-icon">
            <Icon name="shield" size={26} />
            {cases.data?.open ? <b className="badge">{cases.data.open}</b> : null}
          </span>
          {t("aftersale.title")}
        </Link>
      </div>
    </section>
  );
}

function Places() {
  const { t } = useTranslation();
  const session = useSession();
  const unread = session.data?.unread_buyer_notices ?? 0;
  const rows: { to: string; icon: IconName; label: string; hint: string; testId: string; count?: number }[] = [
    { to: "/notices", icon: "bell", label: t("notices.title"), hint: "", testId: "to-notices", count: unread },
    { to: "/messages", icon: "comment", label: t("chat.title"), hint: "", testId: "to-messages" },
    { to: "/me/interests", icon: "tag", label: t("interests.title"), hint: t("interests.row_hint"), testId: "to-interests" },
    { to: "/me/following", icon: "me", label: t("me.following"), hint: "", testId: "to-following" },
    { to: "/me/reviews", icon: "star", label: t("me.reviews"), hint: "", testId: "to-my-reviews" },
    { to: "/me/coupons", icon: "ticket", label: t("programmes.my_coupons"), hint: "", testId: "to-coupons" },
    { to: "/me/invoices", icon: "ticket", label: t("invoice.mine"), hint: "", testId: "to-invoices" },
    { to: "/me/addresses", icon: "place", label: t("address.title"), hint: "", testId: "to-addresses" },
    { to: "/cart", icon: "cart", label: t("nav.cart"), hint: "", testId: "to-cart" },
  ];
  return (
    <section className="card rows">
      {rows.map((row) => (
        <Link key={row.to} className="line-row" to={row.to} data-testid={row.testId}>
          <Icon name={row.icon} size={20} />
          <span className="line-value">
            {row.label}
            {row.hint ? <small className="muted">{row.hint}</small> : null}
          </span>
          <CountBadge count={row.count ?? 0} label={t("notices.count", { count: row.count ?? 0 })} />
          <Icon name="forward" size={16} />
        </Link>
      ))}
      <CreatorRow />
    </section>
  );
}

/** The way to a creator's own workplace: to the one there is, or to open one. */
function CreatorRow() {
  const { t } = useTranslation();
  const session = useSession();
  const studio = session.data?.organisations.find((each) => each.kind === "creator");
  const place = studio ? `/workbench/shops/${studio.id}/today` : "/workbench/open-shop?kind=creator";
  return (
    <a className="line-row" href={session.data?.person ? place : `/sign-in?next=${encodeURIComponent(place)}`} data-testid="to-creator">
      <Icon name="play" size={20} />
      <span className="line-value">
        {t(studio ? "me.studio" : "me.become_creator")}
        {studio ? null : <small className="muted">{t("me.become_creator_hint")}</small>}
      </span>
      <Icon name="forward" size={16} />
    </a>
  );
}

function Settings() {
  const { t, i18n } = useTranslation();
  const report = useReport();
  const navigate = useNavigate();
  const session = useSession();
  const update = useUpdateMe();
  const signOut = useSignOut();
  const [theme, setTheme] = useState<ThemeChoice>(readThemeChoice);
  const pickLanguage = (language: Language) => {
    void setLanguage(language);
    if (session.data?.person) update.mutate({ language }, { onError: report });
  };
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        resetEngagement();
        showToast(t("account.signed_out"));
        navigate("/");
      },
      onError: report,
    });
  return (
    <section className="card rows">
      <div className="line-row">
        <Icon name="globe" size={20} />
        <span className="line-value">{t("common:language.label")}</span>
        <Segments<Language>
          label={t("common:language.label")}
          className="small"
          items={LANGUAGES.map((key) => ({ key, label: t(`common:language.${key}`) }))}
          value={i18n.language as Language}
          onChange={pickLanguage}
        />
      </div>
      <div className="line-row">
        <Icon name="moon" size={20} />
        <span className="line-value">{t("common:theme.label")}</span>
        <Segments<ThemeChoice>
          label={t("common:theme.label")}
          className="small"
          items={THEMES.map((key) => ({ key, label: t(`me.theme.${key}`) }))}
          value={theme}
          onChange={(next) => {
            applyThemeChoice(next);
            setTheme(next);
          }}
        />
      </div>
      {session.data?.person ? (
        <button type="button" className="line-row" onClick={leave} disabled={signOut.isPending} data-testid="sign-out">
          <Icon name="exit" size={20} />
          <span className="line-value">{t("account.sign_out")}</span>
        </button>
      ) : null}
    </section>
  );
}
