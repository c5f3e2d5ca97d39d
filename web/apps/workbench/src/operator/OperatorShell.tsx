import { AuditOutlined, BankOutlined, BarChartOutlined, ExperimentOutlined, FieldTimeOutlined, FileDoneOutlined, FileSearchOutlined, ForkOutlined, PercentageOutlined, ReconciliationOutlined, SafetyOutlined, ShopOutlined, StarOutlined, TagsOutlined, TruckOutlined, UserOutlined, WalletOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Layout, Menu, Result, Skeleton } from "antd";
import { Suspense } from "react";
import { Link, Outlet, useLocation } from "react-router";
import type { Session } from "../api/types";
import { AccountMenu } from "../app/AccountMenu";
import { SignedIn } from "../app/Gate";
import { useDemoRole } from "../app/session";
import "./operator.css";

const ROOMS = [
  { path: "people", icon: <UserOutlined /> },
  { path: "reach", icon: <BarChartOutlined /> },
  { path: "shop-applications", icon: <ShopOutlined /> },
  { path: "listings", icon: <AuditOutlined /> },
  { path: "disputes", icon: <SafetyOutlined /> },
  { path: "aftersale-rules", icon: <FieldTimeOutlined /> },
  { path: "review-cases", icon: <StarOutlined /> },
  { path: "review-rules", icon: <FieldTimeOutlined /> },
  { path: "coupons", icon: <TagsOutlined /> },
  { path: "carriers", icon: <TruckOutlined /> },
  { path: "settlement", icon: <WalletOutlined /> },
  { path: "deposits", icon: <BankOutlined /> },
  { path: "audits", icon: <FileDoneOutlined /> },
  { path: "trainings", icon: <ExperimentOutlined /> },
  { path: "channels", icon: <ForkOutlined /> },
  { path: "reconciliation", icon: <ReconciliationOutlined /> },
  { path: "tax-rules", icon: <PercentageOutlined /> },
  { path: "lookups", icon: <FileSearchOutlined /> },
] as const;

/** The rooms of those who run the platform; the server decides again on each call. */
export default function OperatorShell() {
  return <SignedIn>{(session) => (session.person?.is_operator ? <Rooms session={session} /> : <NotForYou session={session} />)}</SignedIn>;
}

function Rooms({ session }: { session: Session }) {
  const { t } = useTranslation();
  const active = useLocation().pathname.split("/")[2] ?? "";
  return (
    <>
      <a className="wb-skip" href="#main">
        {t("shell.skip_to_content")}
      </a>
      <Layout className="wb-shell">
        <Layout.Header className="wb-top wb-operator-top">
          <span className="wb-brand-mark" aria-hidden>
            趣
          </span>
          <nav aria-label={t("operator.rooms")} className="wb-operator-nav">
            <Menu
              mode="horizontal"
              selectedKeys={[active]}
              items={ROOMS.map((room) => ({
                key: room.path,
                icon: room.icon,
                label: (
                  <Link to={`/operator/${room.path}`} data-testid={`op-${room.path}`}>
                    {t(`operator.room.${room.path}`)}
                  </Link>
                ),
              }))}
            />
          </nav>
          <div className="wb-top-end">
            <AccountMenu session={session} />
          </div>
        </Layout.Header>
        <Layout.Content id="main" className="wb-main" tabIndex={-1}>
          <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} className="wb-page" />}>
            <Outlet />
          </Suspense>
        </Layout.Content>
      </Layout>
    </>
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
