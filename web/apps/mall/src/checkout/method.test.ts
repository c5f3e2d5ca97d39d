import { describe, expect, it } from "vitest";
import { chosenMethod, deviceOf } from "./method";

const OFFERED = [
  { code: "alipay", test: false },
  { code: "wechat", test: false },
] as const;

describe("the way to pay", () => {
  it("is the one chosen last while it is offered, else the first", () => {
    expect(chosenMethod(OFFERED, "wechat")).toBe("wechat");
    expect(chosenMethod(OFFERED, "stripe")).toBe("alipay");
    expect(chosenMethod(OFFERED, null)).toBe("alipay");
    expect(chosenMethod([], "alipay")).toBeNull();
  });

  it("fits the device", () => {
    expect(deviceOf(true, 390)).toBe("phone");
    expect(deviceOf(true, 1200)).toBe("desktop");
    expect(deviceOf(false, 390)).toBe("desktop");
  });
});
