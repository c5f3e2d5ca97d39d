import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepFocus } from "./focus-keeper";

const at = (id: string) => document.getElementById(id)!;

function open(id: string): HTMLElement {
  const box = document.createElement("div");
  box.innerHTML = `<button id="${id}"></button>`;
  document.body.append(box);
  at(id).focus();
  return box;
}

describe("focus after a dialog", () => {
  let end: () => void;
  beforeEach(() => {
    document.body.innerHTML = '<main id="main" tabindex="-1"><button id="opener"></button></main>';
    end = keepFocus(document);
    at("opener").focus();
  });
  afterEach(() => end());

  it("goes back to what opened it", async () => {
    open("inside").remove();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("opener"));
  });

  it("goes back step by step where one dialog opened another", async () => {
    const first = open("first");
    const second = open("second");
    second.remove();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("first"));
    first.remove();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("opener"));
  });

  it("goes to the page when what opened it is gone", async () => {
    const dialog = open("inside");
    at("opener").remove();
    dialog.remove();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("main"));
  });

  it("stays where the person has gone meanwhile", async () => {
    const dialog = open("inside");
    at("main").focus();
    dialog.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(document.activeElement?.id).toBe("main");
  });
});
