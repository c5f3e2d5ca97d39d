import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { onRowKey } from "../table/row-keys";
import { usePaletteKeys } from "./shortcuts";

afterEach(cleanup);

const toggle = vi.fn();
const jump = vi.fn();
const help = vi.fn();

function Page({ dialog = false }: { dialog?: boolean }) {
  usePaletteKeys({ open: vi.fn(), jump, help });
  return (
    <main id="main">
      <span className="wb-search-box">
        <input aria-label="search" />
      </span>
      <table>
        <tbody>
          {["one", "two"].map((name) => (
            <tr key={name} tabIndex={0} data-testid={name} onKeyDown={(event) => onRowKey(event, { open: vi.fn(), toggle: () => toggle(name) })}>
              <td>{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {dialog && <div className="ant-modal-wrap" />}
    </main>
  );
}

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

it("goes to the search, the rows and the list of keys", () => {
  render(<Page />);
  press("/");
  expect(document.activeElement).toBe(screen.getByLabelText("search"));
  press("?");
  expect(help).not.toHaveBeenCalled();
  screen.getByLabelText("search").blur();
  press("?");
  expect(help).toHaveBeenCalledOnce();
  press("j");
  expect(document.activeElement).toBe(screen.getByTestId("one"));
  press("j");
  press("x");
  expect([document.activeElement, toggle.mock.calls]).toEqual([screen.getByTestId("two"), [["two"]]]);
});

it("takes the letter after g for a room, also with the focus in a list", () => {
  render(<Page />);
  toggle.mockClear();
  screen.getByTestId("one").focus();
  press("g");
  press("x");
  expect([jump.mock.calls, toggle.mock.calls]).toEqual([[["x"]], []]);
  press("x");
  expect(toggle.mock.calls).toEqual([["one"]]);
});

it("leaves the keys to a dialog", () => {
  render(<Page dialog />);
  help.mockClear();
  press("/");
  press("?");
  expect([document.activeElement, help.mock.calls.length]).toEqual([document.body, 0]);
});
