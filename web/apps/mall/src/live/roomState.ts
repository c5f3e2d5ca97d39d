import type { components } from "@xingqu/client";

export type Room = components["schemas"]["RoomOut"];
export type ChatLine = components["schemas"]["ChatLineOut"];

export interface RoomEvent {
  id: number;
  kind: string;
  at_ms: number;
  actor_key: string;
  data: Record<string, unknown>;
  /** It became true after events of higher ids had been told. */
  late?: boolean;
}

export interface Figures {
  at_ms: number;
  viewers: number;
  likes: number;
  stock: { product_id: number; available: number }[];
}

const LINES_KEPT = 120;
/** What changes more than one field: the page reads the room again. */
const READ_AGAIN = new Set(["state", "stream", "items", "rules"]);

/** Applies one event to what is shown; null when the room has to be read again. */
export function applyEvent(room: Room, event: RoomEvent): Room | null {
  if (event.id <= room.cursor && event.kind !== "chat") return event.late ? null : room;
  const cursor = Math.max(room.cursor, event.id);
  if (READ_AGAIN.has(event.kind)) return null;
  if (event.kind === "explain") return { ...room, cursor, explaining_item_id: Number(event.data.item_id) };
  if (event.kind === "unexplain") return { ...room, cursor, explaining_item_id: null };
  if (event.kind === "announcement") return { ...room, cursor, announcement: String(event.data.text ?? "") };
  if (event.kind === "chat") return { ...room, cursor, chat: withLine(room.chat, event) };
  if (event.kind === "chat_deleted" || event.kind === "muted") {
    const gone = new Set(event.data.event_ids as number[]);
    return { ...room, cursor, chat: room.chat.filter((line) => !gone.has(line.id)) };
  }
  return { ...room, cursor };
}

/** What viewers, likes and the stock of what is explained are now. */
export function applyFigures(room: Room, figures: Figures): Room {
  const left = new Map(figures.stock.map((one) => [one.product_id, one.available]));
  const items = room.items.map((item) => ({ ...item, available: left.get(item.product.id) ?? item.available }));
  return { ...room, viewers: figures.viewers, likes: Math.max(room.likes, figures.likes), items };
}

/** A line told twice is one line; they stand in the order of their ids. */
function withLine(lines: ChatLine[], event: RoomEvent): ChatLine[] {
  if (lines.some((line) => line.id === event.id)) return lines;
  const { name, text, host } = event.data as { name: string; text: string; host: boolean };
  const line = { id: event.id, name, text, host, actor_key: event.actor_key };
  return [...lines, line].sort((a, b) => a.id - b.id).slice(-LINES_KEPT);
}
