import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { onRowKey } from "./row-keys";

afterEach(cleanup);

function show() {
  const actions = { open: vi.fn(), toggle: vi.fn() };
  render(
    <table>
      <tbody>
        <tr aria-hidden />
        {["one", "two"].map((name) => (
          <tr key={name} tabIndex={0} data-testid={name} onKeyDown={(event) => onRowKey(event, actions)}>
            <td>
              <input aria-label={`field ${name}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>,
  );
  return actions;
}

it("walks, opens and ticks", () => {
  const actions = show();
  const [one, two] = [screen.getByTestId("one"), screen.getByTestId("two")];
  one.focus();
  fireEvent.keyDown(one, { key: "ArrowDown" });
  expect(document.activeElement).toBe(two);
  fireEvent.keyDown(two, { key: "j" });
  expect(document.activeElement).toBe(two);
  fireEvent.keyDown(two, { key: "k" });
  expect(document.activeElement).toBe(one);
  fireEvent.keyDown(one, { key: "ArrowUp" });
  expect(document.activeElement).toBe(one);
  fireEvent.keyDown(one, { key: "Enter" });
  fireEvent.keyDown(one, { key: " " });
  expect([actions.open.mock.calls.length, actions.toggle.mock.calls.length]).toEqual([1, 1]);
});

it("leaves keys inside a row's field alone", () => {
  const actions = show();
  fireEvent.keyDown(screen.getByLabelText("field one"), { key: " " });
  expect(actions.toggle).not.toHaveBeenCalled();
});
