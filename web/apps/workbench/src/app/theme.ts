import { type Theme, type ThemeChoice, applyThemeChoice, color, font, readThemeChoice } from "@xingqu/ui";
import { type ThemeConfig, theme } from "antd";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const systemDark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
systemDark?.addEventListener("change", () => listeners.forEach((listener) => listener()));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The chosen colour mode; shared with the mall through @xingqu/ui. */
export function useThemeChoice(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const choice = useSyncExternalStore(subscribe, readThemeChoice);
  return [
    choice,
    (next) => {
      applyThemeChoice(next);
      listeners.forEach((listener) => listener());
    },
  ];
}

export function useTheme(): Theme {
  const [choice] = useThemeChoice();
  const dark = useSyncExternalStore(subscribe, () => systemDark?.matches ?? false);
  return choice === "system" ? (dark ? "dark" : "light") : choice;
}

/** The house's tokens in antd's words. */
export function antdTheme(mode: Theme): ThemeConfig {
  const c = color[mode];
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      // Named, because antd's default list has an emoji font whose digits are wide.
      fontFamily: font.sans,
      fontSize: 14,
      borderRadius: 8,
      colorPrimary: c.accent,
      colorInfo: c.info,
      colorSuccess: c.success,
      colorWarning: c.warning,
      colorError: c.danger,
      colorLink: c.info,
      colorText: c.text,
      colorTextSecondary: c["text-muted"],
      colorTextTertiary: c["text-faint"],
      colorTextDescription: c["text-muted"],
      colorTextPlaceholder: c["text-faint"],
      colorBorder: c["line-strong"],
      colorBorderSecondary: c.line,
      colorBgLayout: c.canvas,
      colorBgContainer: c.surface,
      colorBgElevated: c["surface-raised"],
      colorTextLightSolid: mode === "dark" ? c["on-accent"] : "#ffffff",
      motionDurationFast: "0.12s",
      motionDurationMid: "0.18s",
      motionDurationSlow: "0.24s",
    },
    components: {
      Layout: { headerBg: c.surface, siderBg: c.surface, bodyBg: c.canvas, headerPadding: "0 16px", headerHeight: 56 },
      Menu: { itemSelectedBg: c["accent-soft"], itemSelectedColor: c.accent, activeBarBorderWidth: 0 },
      Table: { headerBg: c.surface, headerColor: c["text-muted"], cellPaddingBlockSM: 8 },
      Badge: { colorTextLightSolid: c["on-accent"] },
    },
  };
}
