import "@xingqu/ui/tokens.css";
import "./base.css";
import "./kit.css";
import { startI18n } from "@xingqu/i18n";
import { applyThemeChoice, readThemeChoice } from "@xingqu/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import en from "./locales/en.json";
import zh from "./locales/zh-CN.json";
import { watchPageLife } from "./signals/signals";

applyThemeChoice(readThemeChoice());
startI18n({ mall: { "zh-CN": zh, en } });
watchPageLife();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
