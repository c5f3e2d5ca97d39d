import { AA_CONTRAST, type Theme, type ThemeChoice, applyThemeChoice, color, contrast, font, readThemeChoice } from "@xingqu/ui";
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

/** A line of the colour's own hue: a third of it on the surface. */
function mix(front: string, back: string): string {
  const at = (hex: string, place: number) => Number.parseInt(hex.slice(place, place + 2), 16);
  const channel = (place: number) => Math.round(at(front, place) * 0.35 + at(back, place) * 0.65);
  return `#${[1, 3, 5].map((place) => channel(place).toString(16).padStart(2, "0")).join("")}`;
}

const PRESETS = ["blue", "purple", "cyan", "green", "magenta", "pink", "red", "orange", "yellow", "volcano", "geekblue", "lime", "gold"] as const;
const DEEPER = [7, 8, 9, 10] as const;

/** Words of a tag on its ground: of antd's ten steps of each colour the first from the seventh on that reaches 4.5 on the first. */
function readableTags(algorithm: NonNullable<ThemeConfig["algorithm"]>): Record<string, string> {
  const steps = theme.getDesignToken({ algorithm });
  return Object.fromEntries(
    PRESETS.flatMap((name) => {
      const deep = DEEPER.find((step) => contrast(steps[`${name}${step}`], steps[`${name}1`]) >= AA_CONTRAST) ?? 10;
      // Two names of one step: antd writes both into the same variable of CSS.
      return [`${name}7`, `${name}-7`].map((step) => [step, steps[`${name}${deep}`]]);
    }),
  );
}

/** The house's tokens in antd's words. */
export function antdTheme(mode: Theme): ThemeConfig {
  const c = color[mode];
  const algorithm = mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm;
  return {
    algorithm,
    token: {
      ...readableTags(algorithm),
      // Named, because antd's default list has an emoji font whose digits are wide.
      fontFamily: font.sans,
      fontSize: 14,
      borderRadius: 8,
      colorPrimary: c.accent,
      colorPrimaryHover: c["accent-strong"],
      colorPrimaryActive: c["accent-strong"],
      colorSuccessBg: c["success-soft"],
      colorSuccessBorder: mix(c.success, c.surface),
      colorWarningBg: c["warning-soft"],
      colorWarningBorder: mix(c.warning, c.surface),
      colorErrorBg: c["danger-soft"],
      colorErrorBorder: mix(c.danger, c.surface),
      colorInfoBg: c["info-soft"],
      colorInfoBorder: mix(c.info, c.surface),
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
