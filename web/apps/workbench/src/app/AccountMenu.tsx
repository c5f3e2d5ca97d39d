import { BulbOutlined, ExportOutlined, FileSearchOutlined, LogoutOutlined, SwapOutlined, TranslationOutlined, UserOutlined } from "@ant-design/icons";
import { App, Avatar, Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { remove } from "../api/http";
import type { Session } from "../api/types";
import { errorText } from "./errors";
import { useLanguage } from "./language";
import { type DemoRole, useDemoRole } from "./session";
import { useThemeChoice } from "./theme";

const HOME_OF: Partial<Record<DemoRole, string>> = { consumer: "/", operator: "/workbench/operator" };

export function AccountMenu({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language, changeLanguage } = useLanguage();
  const [mode, setMode] = useThemeChoice();
  const becomeRole = useDemoRole();
  const signOut = async () => {
    // The sign-in service answers 401 once nobody is signed in: that is the success here.
    await remove("/_allauth/browser/v1/auth/session").catch(() => undefined);
    location.assign("/");
  };
  const become = (role: DemoRole) => () => {
    becomeRole(role)
      .then(() => location.assign(HOME_OF[role] ?? "/workbench/"))
      .catch((error: unknown) => message.error(errorText(t, error)));
  };
  const items: MenuProps["items"] = [
    { key: "who", type: "group", label: session.person?.email },
    {
      key: "language",
      icon: <TranslationOutlined />,
      label: <span data-testid="wb-language">{language === "en" ? "切换到中文" : "Switch to English"}</span>,
      onClick: () => void changeLanguage(language === "en" ? "zh-CN" : "en"),
    },
    {
      key: "mode",
      icon: <BulbOutlined />,
      label: t("theme.label"),
      children: (["system", "light", "dark"] as const).map((each) => ({
        key: `mode-${each}`,
        label: t(`theme.${each}`) + (each === mode ? " ✓" : ""),
        onClick: () => setMode(each),
      })),
    },
    ...(session.person?.is_operator
      ? [{ key: "operator", icon: <FileSearchOutlined />, label: <Link to="/operator/people">{t("shell.to_operator")}</Link> }]
      : []),
    { key: "mall", icon: <ExportOutlined />, label: <a href="/">{t("shell.to_mall")}</a> },
    ...(session.demo
      ? [
          {
            key: "demo",
            icon: <SwapOutlined />,
            label: t("shell.demo_role"),
            children: (["merchant", "creator", "agency", "consumer", "operator"] as const).map((role) => ({
              key: `demo-${role}`,
              label: t(`roles.${role}`),
              onClick: become(role),
            })),
          },
        ]
      : []),
    { type: "divider" },
    { key: "out", icon: <LogoutOutlined />, label: t("shell.sign_out"), onClick: () => void signOut() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <Button type="text" shape="circle" aria-label={t("shell.account")} data-testid="wb-account">
        <Avatar alt="" size={28} src={session.person?.avatar_url || undefined} icon={<UserOutlined />} />
      </Button>
    </Dropdown>
  );
}
