import { AuditOutlined, BankOutlined, BarChartOutlined, ExperimentOutlined, FieldTimeOutlined, FileDoneOutlined, FileSearchOutlined, ForkOutlined, MenuOutlined, PayCircleOutlined, PercentageOutlined, ReconciliationOutlined, SafetyOutlined, ShopOutlined, SolutionOutlined, StarOutlined, StopOutlined, TagsOutlined, TruckOutlined, UserOutlined, UsergroupAddOutlined, WalletOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Grid, Layout, Menu, type MenuProps, Result } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import type { Session } from "../api/types";
import { AccountMenu } from "../app/AccountMenu";
import { SignedIn } from "../app/Gate";
import { Main } from "../app/Main";
import { usePreference } from "../app/preferences";
import { useDemoRole } from "../app/session";
import { Brand } from "../app/Shell";
import "./operator.css";

type Group = "people" | "shops" | "disputes" | "money" | "feed";

/** By task; the order is that of the navigation. */
const ROOMS: readonly { path: string; group: Group; icon: ReactNode }[] = [
  { path: "people", group: "people", icon: <UserOutlined /> },
  { path: "lookups", group: "people", icon: <FileSearchOutlined /> },
  { path: "creators", group: "people", icon: <StopOutlined /> },
  { path: "shop-applications", group: "shops", icon: <ShopOutlined /> },
  { path: "listings", group: "shops", icon: <AuditOutlined /> },
  { path: "admission", group: "shops", icon: <UsergroupAddOutlined /> },
  { path: "coupons", group: "shops", icon: <TagsOutlined /> },
  { path: "disputes", group: "disputes", icon: <SafetyOutlined /> },
  { path: "collaborations", group: "disputes", icon: <SolutionOutlined /> },
  { path: "aftersale-rules", group: "disputes", icon: <FieldTimeOutlined /> },
  { path: "review-cases", group: "disputes", icon: <StarOutlined /> },
  { path: "review-rules", group: "disputes", icon: <FieldTimeOutlined /> },
  { path: "carriers", group: "disputes", icon: <TruckOutlined /> },
  { path: "settlement", group: "money", icon: <WalletOutlined /> },
  { path: "deposits", group: "money", icon: <BankOutlined /> },
  { path: "taxes", group: "money", icon: <PayCircleOutlined /> },
  { path: "tax-rules", group: "money", icon: <PercentageOutlined /> },
  { path: "reconciliation", group: "money", icon: <ReconciliationOutlined /> },
  { path: "audits", group: "money", icon: <FileDoneOutlined /> },
  { path: "reach", group: "feed", icon: <BarChartOutlined /> },
  { path: "channels", group: "feed", icon: <ForkOutlined /> },
  { path: "trainings", group: "feed", icon: <ExperimentOutlined /> },
];

/** The rooms of those who run the platform; the server decides again on each call. */
export default function OperatorShell() {
  return <SignedIn>{(session) => (session.person?.is_operator ? <Rooms session={session} /> : <NotForYou session={session} />)}</SignedIn>;
}

function Rooms({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const screens = Grid.useBreakpoint();
  const narrow = screens.md === false;
  const [menuOpenOn, setMenuOpenOn] = useState<string | null>(null);
  const [folded, setFolded] = usePreference<boolean | null>("navigation-folded", null);
  const collapsed = folded ?? screens.lg === false;
  const active = pathname.split("/")[2] ?? "";
  return (
    <>
      <a className="wb-skip" href="#main">
        {t("shell.skip_to_content")}
      </a>
      <Layout className="wb-shell">
        {!narrow && (
          <Layout.Sider className="wb-sider" theme="light" width={236} collapsedWidth={64} collapsible collapsed={collapsed} onCollapse={(next) => setFolded(next)}>
            <Brand slim={collapsed} />
            <Navigation active={active} collapsed={collapsed} />
          </Layout.Sider>
        )}
        <Drawer placement="left" size={264} open={narrow && menuOpenOn === pathname} onClose={() => setMenuOpenOn(null)} title={<Brand slim={false} />} styles={{ body: { padding: 0 } }}>
          <Navigation active={active} collapsed={false} />
        </Drawer>
        <Layout>
          <Layout.Header className="wb-top">
            {narrow && <Button type="text" icon={<MenuOutlined />} aria-label={t("shell.open_menu")} data-testid="wb-menu" onClick={() => setMenuOpenOn(pathname)} />}
            <strong>{t("shell.to_operator")}</strong>
            <div className="wb-top-end">
              <AccountMenu session={session} />
            </div>
          </Layout.Header>
          <Main />
        </Layout>
      </Layout>
    </>
  );
}

function Navigation({ active, collapsed }: { active: string; collapsed: boolean }) {
  const { t } = useTranslation();
  const item = (room: (typeof ROOMS)[number]) => ({
    key: room.path,
    icon: room.icon,
    title: t(`operator.room.${room.path}`),
    label: (
      <Link to={`/operator/${room.path}`} data-testid={`op-${room.path}`}>
        {t(`operator.room.${room.path}`)}
      </Link>
    ),
  });
  const nav = useRef<HTMLElement>(null);
  // The last rooms stand below the fold: who comes by a link still sees where they are.
  useEffect(() => {
    nav.current?.querySelector(`[data-testid="op-${active}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  const groups = [...new Set(ROOMS.map((room) => room.group))];
  const items: MenuProps["items"] = collapsed
    ? ROOMS.map(item)
    : groups.map((group) => ({
        key: `group-${group}`,
        type: "group",
        label: t(`operator.group.${group}`),
        children: ROOMS.filter((room) => room.group === group).map(item),
      }));
  return (
    <nav ref={nav} aria-label={t("operator.rooms")}>
      <Menu mode="inline" inlineCollapsed={collapsed} selectedKeys={[active]} items={items} className="wb-nav" />
    </nav>
  );
}

function NotForYou({ session }: { session: Session }) {
  const { t } = useTranslation();
  const become = useDemoRole();
  return (
    <Result
      status="404"
      data-testid="not-for-you"
      title={t("operator.not_for_you")}
      subTitle={t("operator.not_for_you_help")}
      extra={[
        <Button key="home" href="/workbench/">
          {t("shell.go_home")}
        </Button>,
        session.demo && (
          <Button key="demo" type="primary" onClick={() => void become("operator")}>
            {t("operator.become")}
          </Button>
        ),
      ]}
    />
  );
}
