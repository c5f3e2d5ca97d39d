import { expect, test } from "vitest";
import { apartMinor, bundleProblem } from "./bundles";

const part = (price_minor: number, quantity: number) => ({ sku_id: price_minor, name: "", price_minor, quantity });

test("a set has at least two units and costs less than its parts", () => {
  expect(apartMinor([part(100, 2), part(50, 1)])).toBe(250);
  expect(bundleProblem([part(100, 1)], 50)).toBe("parts");
  expect(bundleProblem([part(100, 2)], 200)).toBe("price");
  expect(bundleProblem([part(100, 2)], null)).toBe("price");
  expect(bundleProblem([part(100, 2)], 199)).toBeNull();
});
