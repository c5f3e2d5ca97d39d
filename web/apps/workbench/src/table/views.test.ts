import { describe, expect, it } from "vitest";
import { openingQuery, viewQuery } from "./views";

describe("saved views", () => {
  it("keep the filters and not the row that is open", () => {
    const params = new URLSearchParams("tab=to_ship&order=S1&q=%E5%B8%90%E7%AF%B7&batch=1");
    expect(viewQuery(params, ["order", "batch"])).toBe("tab=to_ship&q=%E5%B8%90%E7%AF%B7");
  });

  it("open a table with the default one only where the address says nothing", () => {
    const views = [
      { query: "a=1", is_default: false },
      { query: "tab=to_ship", is_default: true },
    ];
    expect(openingQuery("", "", views)).toBe("tab=to_ship");
    expect(openingQuery("tab=done", "", views)).toBeNull();
    expect(openingQuery("tab=statements", "tab=statements", views)).toBe("tab=to_ship");
    expect(openingQuery("", "", views.slice(0, 1))).toBeNull();
    expect(openingQuery("tab=to_ship", "tab=to_ship", views)).toBeNull();
  });
});
