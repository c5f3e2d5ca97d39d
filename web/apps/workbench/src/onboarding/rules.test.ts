import { describe, expect, it } from "vitest";
import { isCreditCode, missingDocuments, wrongFields } from "./rules";

const typed = { legal_name: "素屋有限公司", licence_no: "91350100m000100y43", licence_until: "", contact_name: "店主", contact_phone: "13800000000" };

describe("onboarding", () => {
  it("checks the last character of a licence", () => {
    expect(["91350100M000100Y43", "91350100M000100Y44", "91350100I000100Y43", ""].map(isCreditCode)).toEqual([true, false, false, false]);
  });

  it("names the fields that are wrong", () => {
    expect(wrongFields(typed, "2026-01-01")).toEqual([]);
    expect(wrongFields({ ...typed, licence_until: "2025-12-31", contact_phone: "tel" }, "2026-01-01")).toEqual(["licence_until", "contact_phone"]);
    expect(wrongFields({ legal_name: "", licence_no: "", licence_until: "", contact_name: "", contact_phone: "" }, "2026-01-01")).toEqual(["legal_name", "licence_no", "contact_name", "contact_phone"]);
  });

  it("names the pictures that are missing", () => {
    expect(missingDocuments([{ kind: "identity_front" }, { kind: "other" }])).toEqual(["licence", "identity_back"]);
  });
});
