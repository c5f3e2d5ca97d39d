import { CheckOutlined, DownOutlined, PlusOutlined, ShopOutlined, TeamOutlined, UserOutlined } from "@ant-design/icons";
import { Avatar, Button, Dropdown } from "antd";
import { useFormat, useTranslation } from "@xingqu/i18n";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { Session, SessionShop } from "../api/types";

const KIND_ICONS: Record<string, ReactNode> = { creator: <UserOutlined />, mcn: <TeamOutlined /> };

export function ShopSwitch({ session, shop }: { session: Session; shop: SessionShop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const items = [
    ...session.organisations.map((each) => ({
      key: String(each.id),
      icon: each.id === shop.id ? <CheckOutlined /> : (KIND_ICONS[each.kind] ?? <ShopOutlined />),
      label: `${format.named(each)} · ${each.kind === "merchant" ? "" : `${t(`kinds.${each.kind}`)} · `}${each.role_name || t(`roles.${each.role}`)}`,
      onClick: () => void navigate(`/shops/${each.id}/today`),
    })),
    { type: "divider" as const },
    { key: "open", icon: <PlusOutlined />, label: t("shell.open_shop"), onClick: () => void navigate("/open-shop") },
    { key: "creator", icon: <UserOutlined />, label: t("shell.become_creator"), onClick: () => void navigate("/open-shop?kind=creator") },
    { key: "mcn", icon: <TeamOutlined />, label: t("shell.open_agency"), onClick: () => void navigate("/open-shop?kind=mcn") },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" className="wb-shop" data-testid="wb-shop-switch" aria-label={`${format.named(shop)} · ${t("shell.switch_shop")}`}>
        <Avatar alt="" size={24} shape="square" src={shop.avatar_url || undefined} icon={KIND_ICONS[shop.kind] ?? <ShopOutlined />} />
        <span className="wb-shop-name">{format.named(shop)}</span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
