import { ApiError } from "@xingqu/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect, useMemo } from "react";
import { keepFocus } from "./focus-keeper";
import { useLanguage } from "./language";
import { antdTheme, useTheme } from "./theme";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => error instanceof ApiError && error.retryable && failures < 2,
    },
  },
});

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={client}>
      <Look>{children}</Look>
    </QueryClientProvider>
  );
}

function Look({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const mode = useTheme();
  const config = useMemo(() => antdTheme(mode), [mode]);
  useEffect(() => keepFocus(document), []);
  return (
    <ConfigProvider theme={config} locale={language === "en" ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <App className="wb-app">{children}</App>
    </ConfigProvider>
  );
}
