import { expect, it } from "vitest";
import { matchReplies } from "./queries";

const replies = [
  { id: 1, title: "发货", text: "今天 16 点前下单当天发" },
  { id: 2, title: "Size", text: "Fits as labelled" },
];

it("finds quick replies by title and text", () => {
  expect(matchReplies(replies, "/").map((reply) => reply.id)).toEqual([1, 2]);
  expect(matchReplies(replies, "/当天").map((reply) => reply.id)).toEqual([1]);
  expect(matchReplies(replies, "/size").map((reply) => reply.id)).toEqual([2]);
  expect(matchReplies(replies, "/x")).toEqual([]);
});
