import "@xingqu/ui/tokens.css";
import "./app/workbench.css";
import "./app/rooms.css";
import { applyThemeChoice, readThemeChoice } from "@xingqu/ui";
import { startI18n } from "@xingqu/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { Providers } from "./app/Providers";
import { router } from "./app/routes";
import { texts } from "./i18n/texts";

applyThemeChoice(readThemeChoice());
startI18n({ workbench: texts });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
