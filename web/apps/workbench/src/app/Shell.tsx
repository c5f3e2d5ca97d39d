import { MenuOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Drawer, Grid, Layout } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "@xingqu/i18n";
import { Navigate, useLocation, useNavigate, useParams } from "react-router";
import type { Session } from "../api/types";
import { NoticeBell } from "../notices/NoticeBell";
import { AccountMenu } from "./AccountMenu";
import { Main } from "./Main";
import { Navigation } from "./Navigation";
import { Palette } from "./Palette";
import { ShortcutHelp } from "./ShortcutHelp";
import { ShopSwitch } from "./ShopSwitch";
import { readPreference, usePreference, writePreference } from "./preferences";
import { roomsFor } from "./rooms";
import { ShopContext } from "./session";
import { usePaletteKeys } from "./shortcuts";

const { Header, Sider } = Layout;

/** Where a person lands: the shop used last, else their first, else the operators' rooms. */
export function landingAddress(session: Session): string {
  const last = readPreference<number | null>("last-shop", null);
  const shop = session.organisations.find((each) => each.id === last) ?? session.organisations[0];
  if (shop) return `/shops/${shop.id}/today`;
  return session.person?.is_operator ? "/operator/people" : "/open-shop";
}

export function Shell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { shopId } = useParams();
  const location = useLocation();
  const navigate = useNavigate();
  const screens = Grid.useBreakpoint();
  const narrow = screens.md === false;
  // The menu is open for the page it was opened on: going anywhere closes it.
  const [menuOpenOn, setMenuOpenOn] = useState<string | null>(null);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const [folded, setFolded] = usePreference<boolean | null>("navigation-folded", null);
  const shop = session.organisations.find((each) => String(each.id) === shopId);
  const rooms = useMemo(() => (shop ? roomsFor(shop.role, shop.permissions, shop.kind) : []), [shop]);
  const room = location.pathname.split("/")[3] ?? "today";
  usePaletteKeys({
    open: () => setPaletteOpen(true),
    help: () => setHelpOpen(true),
    jump: (key) => {
      const target = rooms.find((each) => each.key === key);
      if (shop && target) void navigate(`/shops/${shop.id}/${target.name}`);
    },
  });
  useEffect(() => {
    if (shop) writePreference("last-shop", shop.id);
  }, [shop]);
  if (!shop) return <Navigate to={landingAddress(session)} replace />;
  const collapsed = folded ?? screens.lg === false;
  const navigation = (slim: boolean) => <Navigation shop={shop} rooms={rooms} active={room} collapsed={slim} />;
  return (
    <ShopContext value={shop}>
      <a className="wb-skip" href="#main">
        {t("shell.skip_to_content")}
      </a>
      <Layout className="wb-shell">
        {!narrow && (
          <Sider
            className="wb-sider"
            theme="light"
            width={236}
            collapsedWidth={64}
            collapsible
            collapsed={collapsed}
            onCollapse={(next) => setFolded(next)}
          >
            <Brand slim={collapsed} />
            {navigation(collapsed)}
          </Sider>
        )}
        <Drawer
          placement="left"
          size={264}
          open={narrow && menuOpenOn === location.pathname}
          onClose={() => setMenuOpenOn(null)}
          title={<Brand slim={false} />}
          styles={{ body: { padding: 0 } }}
        >
          {navigation(false)}
        </Drawer>
        <Layout>
          <Header className="wb-top">
            {narrow && (
              <Button
                type="text"
                icon={<MenuOutlined />}
                aria-label={t("shell.open_menu")}
                data-testid="wb-menu"
                onClick={() => setMenuOpenOn(location.pathname)}
              />
            )}
            <ShopSwitch session={session} shop={shop} />
            <button type="button" className="wb-search" onClick={() => setPaletteOpen(true)} data-testid="wb-search">
              <SearchOutlined aria-hidden />
              <span className="wb-search-words">{t("palette.prompt")}</span>
              <kbd>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
            </button>
            <div className="wb-top-end">
              <NoticeBell session={session} />
              <AccountMenu session={session} />
            </div>
          </Header>
          <Main />
        </Layout>
      </Layout>
      {helpOpen && <ShortcutHelp rooms={rooms} onClose={() => setHelpOpen(false)} />}
      {paletteOpen && <Palette session={session} shop={shop} rooms={rooms} onClose={() => setPaletteOpen(false)} />}
    </ShopContext>
  );
}

export function Brand({ slim }: { slim: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="wb-brand">
      <span className="wb-brand-mark" aria-hidden>
        趣
      </span>
      {!slim && <span className="wb-brand-words">{t("shell.product_name")}</span>}
    </div>
  );
}
