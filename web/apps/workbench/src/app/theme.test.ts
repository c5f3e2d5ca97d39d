import { AA_CONTRAST, contrast } from "@xingqu/ui";
import { theme } from "antd";
import { describe, expect, it } from "vitest";
import { antdTheme } from "./theme";

const PRESETS = ["blue", "purple", "cyan", "green", "magenta", "pink", "red", "orange", "yellow", "volcano", "geekblue", "lime", "gold"] as const;

describe.each(["light", "dark"] as const)("%s", (mode) => {
  const { algorithm, token } = antdTheme(mode);
  const made = theme.getDesignToken({ ...(algorithm ? { algorithm } : {}), ...(token ? { token } : {}) });

  it.each(PRESETS)("words of a %s tag can be read", (name) => {
    expect(contrast(made[`${name}7`], made[`${name}1`])).toBeGreaterThanOrEqual(AA_CONTRAST);
    expect(made[`${name}-7`]).toBe(made[`${name}7`]);
  });

  it.each([
    ["success", made.colorSuccess, made.colorSuccessBg],
    ["processing", made.colorInfo, made.colorInfoBg],
    ["error", made.colorError, made.colorErrorBg],
    ["warning", made.colorWarning, made.colorWarningBg],
  ])("words of a tag of the state %s can be read", (_name, words, ground) => {
    expect(contrast(words, ground)).toBeGreaterThanOrEqual(AA_CONTRAST);
  });
});
