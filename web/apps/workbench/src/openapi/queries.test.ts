import { describe, expect, it } from "vitest";
import { addressProblem, textKey } from "./queries";

describe("addresses of webhooks", () => {
  it("are web addresses with a host and nobody's name in them", () => {
    expect(addressProblem(" https://erp.example/hook?x=1 ")).toBeNull();
    for (const wrong of ["", "erp.example/hook", "ftp://erp.example/", "https://", "https://me@erp.example/"]) {
      expect(addressProblem(wrong)).toBe("url_wrong");
    }
  });
});

it("names of scopes become keys of texts", () => {
  expect(textKey("aftersale.write")).toBe("aftersale_write");
});
