import { expect, it } from "vitest";
import { applyEvent, applyFigures, type Room } from "./roomState";

const room = {
  cursor: 10,
  chat: [{ id: 9, name: "甲", text: "一", host: false, actor_key: "p1" }],
  explaining_item_id: null,
  announcement: "",
  viewers: 1,
  likes: 5,
  items: [{ id: 3, available: 4, product: { id: 30 } }],
} as unknown as Room;
const event = (id: number, kind: string, data: Record<string, unknown> = {}) => ({ id, kind, at_ms: 0, actor_key: "p2", data });

it("shows what is explained, and not what was before the cursor", () => {
  expect(applyEvent(room, event(11, "explain", { item_id: 3 }))?.explaining_item_id).toBe(3);
  expect(applyEvent(room, event(10, "explain", { item_id: 3 }))).toBe(room);
  expect(applyEvent(room, { ...event(10, "explain", { item_id: 3 }), late: true })).toBeNull();
  expect(applyEvent({ ...room, explaining_item_id: 3 }, event(12, "unexplain"))?.explaining_item_id).toBeNull();
});

it("reads the room again when its state, stream or bag changed", () => {
  for (const kind of ["state", "stream", "items", "rules"]) expect(applyEvent(room, event(11, kind))).toBeNull();
});

it("keeps each line once and in order, also a late one", () => {
  const said = { name: "乙", text: "二", host: false };
  const later = applyEvent(room, event(12, "chat", said))!;
  const late = applyEvent(later, event(8, "chat", said))!;
  expect(applyEvent(late, event(12, "chat", said))!.chat.map((line) => line.id)).toEqual([8, 9, 12]);
  expect(late.cursor).toBe(12);
});

it("takes deleted and muted lines away", () => {
  expect(applyEvent(room, event(11, "chat_deleted", { event_ids: [9] }))?.chat).toEqual([]);
  expect(applyEvent(room, event(11, "muted", { event_ids: [9] }))?.chat).toEqual([]);
});

it("tells viewers, stock, and likes that never fall", () => {
  const told = applyFigures(room, { at_ms: 0, viewers: 8, likes: 4, stock: [{ product_id: 30, available: 0 }] });
  expect([told.viewers, told.likes, told.items[0]?.available]).toEqual([8, 5, 0]);
});
