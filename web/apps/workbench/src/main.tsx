import "@xingqu/ui/tokens.css";
import { startI18n, useTranslation } from "@xingqu/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

startI18n({});

function App() {
  const { t } = useTranslation("common");
  return <h1>{t("app_name")}</h1>;
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
