import { expect, it } from "vitest";
import { penaltyProblem } from "./penalty";

const typed = { amount: "120", compensation: "", order: "", reason: "x" };

it("says what is missing, one thing at a time", () => {
  expect(penaltyProblem(typed)).toBeNull();
  expect(penaltyProblem({ ...typed, amount: "1,2x" })).toBe("amount");
  expect(penaltyProblem({ ...typed, amount: "" })).toBe("nothing");
  expect(penaltyProblem({ ...typed, amount: "0", compensation: "0" })).toBe("nothing");
  expect(penaltyProblem({ ...typed, compensation: "5" })).toBe("order");
  expect(penaltyProblem({ ...typed, amount: "", compensation: "5", order: "S1" })).toBeNull();
  expect(penaltyProblem({ ...typed, reason: " " })).toBe("reason");
});
