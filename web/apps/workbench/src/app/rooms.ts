import type { Role } from "../api/types";

/** Kinds of workplaces; each shows the rooms that are of its kind. */
export type Kind = "merchant" | "creator" | "mcn" | "service_provider";

/** The rooms, each kind's in the order of the working day. */
export type RoomName =
  | "today"
  | "diagnosis"
  | "products"
  | "content"
  | "comments"
  | "live"
  | "marketing"
  | "alliance"
  | "selection"
  | "square"
  | "product-pools"
  | "samples"
  | "collaborations"
  | "orders"
  | "aftersale"
  | "shipping"
  | "messages"
  | "reviews"
  | "funds"
  | "invoices"
  | "members"
  | "logistics"
  | "open"
  | "showcase"
  | "earnings"
  | "agencies"
  | "creators"
  | "activities"
  | "profile"
  | "settings";

export interface Room {
  name: RoomName;
  /** The task group the room stands under in the navigation. */
  group: "overview" | "sell" | "fulfil" | "shop";
  /** Who sees the room; the server decides again on each call. */
  roles: readonly Role[];
  /** Letter after "g" that jumps here; once in each kind of workplace. */
  key: string;
  /** The workplaces that have it; shops where nothing is said. */
  kinds?: readonly Kind[];
}

const ALL: readonly Role[] = ["owner", "manager", "catalogue", "fulfilment", "content", "service", "finance", "viewer"];

export const ROOMS: readonly Room[] = [
  { name: "today", group: "overview", roles: ALL, key: "t", kinds: ["merchant", "creator", "mcn", "service_provider"] },
  { name: "diagnosis", group: "overview", roles: ["owner", "manager", "catalogue", "fulfilment", "service", "viewer"], key: "q" },
  { name: "products", group: "sell", roles: ["owner", "manager", "catalogue", "content", "service", "viewer"], key: "p" },
  { name: "content", group: "sell", roles: ["owner", "manager", "content", "viewer"], key: "c", kinds: ["merchant", "creator"] },
  { name: "comments", group: "sell", roles: ["owner", "manager", "content", "viewer"], key: "w", kinds: ["merchant", "creator"] },
  { name: "live", group: "sell", roles: ["owner", "manager", "content", "viewer"], key: "b", kinds: ["merchant", "creator"] },
  { name: "marketing", group: "sell", roles: ["owner", "manager", "viewer"], key: "k" },
  { name: "alliance", group: "sell", roles: ["owner", "manager", "catalogue", "finance", "viewer"], key: "l" },
  { name: "selection", group: "sell", roles: ["owner", "manager", "content", "viewer"], key: "h", kinds: ["creator"] },
  { name: "square", group: "sell", roles: ["owner", "manager", "catalogue", "viewer"], key: "n" },
  { name: "product-pools", group: "sell", roles: ["owner", "manager", "catalogue", "viewer"], key: "h", kinds: ["merchant", "mcn"] },
  { name: "samples", group: "sell", roles: ["owner", "manager", "catalogue", "content", "viewer"], key: "j", kinds: ["merchant", "creator"] },
  { name: "collaborations", group: "sell", roles: ["owner", "manager", "catalogue", "content", "finance", "viewer"], key: "y", kinds: ["merchant", "creator"] },
  { name: "orders", group: "fulfil", roles: ["owner", "manager", "fulfilment", "service", "finance", "viewer"], key: "o" },
  { name: "aftersale", group: "fulfil", roles: ["owner", "manager", "fulfilment", "viewer"], key: "a" },
  { name: "shipping", group: "fulfil", roles: ["owner", "manager", "fulfilment", "viewer"], key: "d" },
  { name: "messages", group: "fulfil", roles: ["owner", "manager", "fulfilment", "service", "viewer"], key: "i" },
  { name: "reviews", group: "fulfil", roles: ["owner", "manager", "fulfilment", "content", "service", "viewer"], key: "r" },
  { name: "funds", group: "shop", roles: ["owner", "manager", "finance", "viewer"], key: "u" },
  { name: "invoices", group: "shop", roles: ["owner", "manager", "finance", "viewer"], key: "v" },
  { name: "members", group: "shop", roles: ["owner", "manager"], key: "m", kinds: ["merchant", "creator", "mcn", "service_provider"] },
  { name: "creators", group: "sell", roles: ["owner", "manager", "finance", "viewer"], key: "c", kinds: ["mcn"] },
  { name: "activities", group: "sell", roles: ["owner", "manager", "viewer"], key: "a", kinds: ["mcn", "service_provider"] },
  { name: "showcase", group: "sell", roles: ["owner", "manager", "content", "viewer"], key: "k", kinds: ["creator"] },
  { name: "earnings", group: "shop", roles: ["owner", "manager", "finance", "viewer"], key: "e", kinds: ["creator", "mcn", "service_provider"] },
  { name: "agencies", group: "shop", roles: ["owner", "manager", "viewer"], key: "g", kinds: ["creator"] },
  { name: "logistics", group: "shop", roles: ["owner", "manager", "fulfilment", "viewer"], key: "f" },
  { name: "open", group: "shop", roles: ["owner", "manager"], key: "x", kinds: ["merchant", "creator", "mcn", "service_provider"] },
  { name: "settings", group: "shop", roles: ["owner", "manager"], key: "s", kinds: ["merchant", "mcn", "service_provider"] },
  { name: "profile", group: "shop", roles: ["owner", "manager"], key: "s", kinds: ["creator"] },
];

/** The page of scopes that a room belongs to, where it is called otherwise. */
const PAGE: Partial<Record<RoomName, string>> = { showcase: "alliance", activities: "alliance", agencies: "alliance", comments: "content" };

/** Of the rooms of a kind of workplace those of a role of the house, or by scopes those of a role of its own. */
export function roomsFor(role: Role, permissions: readonly string[], kind: string = "merchant"): Room[] {
  const rooms = ROOMS.filter((room) => (room.kinds ?? ["merchant"]).some((each) => each === kind));
  if (role !== "own") return rooms.filter((room) => room.roles.includes(role));
  return rooms.filter((room) => room.name === "today" || permissions.includes("view") || permissions.includes(`${PAGE[room.name] ?? room.name}.read`) || mayEdit(permissions, room.name));
}

const WRITE_PERMISSION: Record<RoomName, string | null> = {
  today: null,
  diagnosis: null,
  products: "products.write",
  content: "content.write",
  comments: "content.write",
  live: "content.write",
  marketing: "shop.write",
  alliance: "products.write",
  selection: "alliance.write",
  square: null,
  "product-pools": "products.write",
  samples: "products.write",
  collaborations: "products.write",
  orders: "orders.write",
  aftersale: "orders.write",
  shipping: "orders.write",
  messages: "service.write",
  reviews: "reviews.write",
  funds: "funds.write",
  invoices: "funds.write",
  members: "members.write",
  logistics: "shop.write",
  open: "shop.write",
  showcase: "alliance.write",
  earnings: "earnings.write",
  agencies: "alliance.write",
  creators: "creators.write",
  activities: "alliance.write",
  profile: "shop.write",
  settings: "shop.write",
};

/** Whether the permissions let their holder change things in the room, or only look. */
export function mayEdit(permissions: readonly string[], room: RoomName): boolean {
  const needed = WRITE_PERMISSION[room];
  return needed !== null && (permissions.includes("*") || permissions.includes(needed));
}
