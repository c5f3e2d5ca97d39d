import {
  ApiOutlined,
  AppstoreOutlined,
  BankOutlined,
  CommentOutlined,
  DashboardOutlined,
  FileTextOutlined,
  FlagOutlined,
  GiftOutlined,
  GoldOutlined,
  HeartOutlined,
  IdcardOutlined,
  InboxOutlined,
  MessageOutlined,
  PlaySquareOutlined,
  ProfileOutlined,
  RollbackOutlined,
  SettingOutlined,
  ShopOutlined,
  ShoppingOutlined,
  SolutionOutlined,
  StarOutlined,
  TagsOutlined,
  TeamOutlined,
  TruckOutlined,
  UserSwitchOutlined,
  VideoCameraOutlined,
  WalletOutlined,
} from "@ant-design/icons";
import { Badge, Menu, type MenuProps } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import type { SessionShop } from "../api/types";
import { useDeskCounts } from "../messages/queries";
import { useOrderCounts } from "../orders/queries";
import type { Room, RoomName } from "./rooms";

const ICONS: Record<RoomName, ReactNode> = {
  today: <DashboardOutlined />,
  diagnosis: <HeartOutlined />,
  products: <AppstoreOutlined />,
  content: <PlaySquareOutlined />,
  comments: <CommentOutlined />,
  live: <VideoCameraOutlined />,
  marketing: <TagsOutlined />,
  alliance: <UserSwitchOutlined />,
  selection: <ShopOutlined />,
  square: <SolutionOutlined />,
  "product-pools": <GoldOutlined />,
  samples: <GiftOutlined />,
  collaborations: <SolutionOutlined />,
  orders: <ShoppingOutlined />,
  aftersale: <RollbackOutlined />,
  shipping: <InboxOutlined />,
  logistics: <TruckOutlined />,
  messages: <MessageOutlined />,
  reviews: <StarOutlined />,
  funds: <WalletOutlined />,
  invoices: <FileTextOutlined />,
  members: <TeamOutlined />,
  open: <ApiOutlined />,
  showcase: <ProfileOutlined />,
  activities: <FlagOutlined />,
  creators: <TeamOutlined />,
  agencies: <BankOutlined />,
  earnings: <WalletOutlined />,
  profile: <IdcardOutlined />,
  settings: <SettingOutlined />,
};

interface NavigationProps {
  shop: SessionShop;
  rooms: Room[];
  active: string;
  collapsed: boolean;
}

/** The rooms by task; orders carry how many wait for shipping. */
export function Navigation({ shop, rooms, active, collapsed }: NavigationProps) {
  const { t } = useTranslation();
  const counts = useOrderCounts(shop.id, rooms.some((room) => room.name === "orders"));
  const desk = useDeskCounts(shop.id, rooms.some((room) => room.name === "messages"));
  const toShip = counts.data?.to_ship ?? 0;
  const item = (room: Room) => ({
    key: room.name,
    icon: ICONS[room.name],
    title: t(`rooms.${room.name}`),
    label: (
      <Link to={`/shops/${shop.id}/${room.name}`} data-testid={`wb-nav-${room.name}`} className="wb-nav-link">
        <span>{t(`rooms.${room.name}`)}</span>
        {room.name === "orders" && !collapsed && (
          <Badge count={toShip} size="small" title={t("shell.waiting_to_ship", { count: toShip })} />
        )}
        {room.name === "messages" && !collapsed && <Badge count={desk.data?.unread ?? 0} size="small" />}
      </Link>
    ),
  });
  const groups = [...new Set(rooms.map((room) => room.group))];
  const items: MenuProps["items"] = collapsed
    ? rooms.map(item)
    : groups.map((group) => ({
        key: `group-${group}`,
        type: "group",
        label: t(group === "shop" && shop.kind !== "merchant" ? `room_groups.${shop.kind}` : `room_groups.${group}`),
        children: rooms.filter((room) => room.group === group).map(item),
      }));
  return (
    <nav aria-label={t("shell.navigation")}>
      <Menu mode="inline" inlineCollapsed={collapsed} selectedKeys={[active]} items={items} className="wb-nav" />
    </nav>
  );
}
