import { useTranslation } from "@xingqu/i18n";
import { App } from "antd";
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";

/** Asks before typed work is left behind. The function it returns lets the next leave pass unasked. */
export function useLeaveGuard(dirty: boolean): () => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const passing = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !passing.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    modal.confirm({
      title: t("shell.leave_title"),
      content: t("shell.leave_help"),
      okText: t("shell.leave"),
      cancelText: t("shell.stay"),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker, modal, t]);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return () => {
    passing.current = true;
  };
}
