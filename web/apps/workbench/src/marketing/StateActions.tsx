import { useTranslation } from "@xingqu/i18n";
import { App, Button, Popconfirm, Space, Tag } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import type { NewState } from "./queries";

const COLOURS: Record<string, string> = { running: "green", upcoming: "blue", paused: "orange", ended: "default" };

export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Tag color={COLOURS[state] ?? "default"}>{t(`marketing.state.${state}`)}</Tag>;
}

/** Pause, go on, end; ending is for good and asks once. */
export function StateActions({ state, onChange }: { state: string; onChange: (state: NewState) => Promise<void> }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  if (state === "ended") return null;
  const change = (next: NewState) => {
    setBusy(true);
    onChange(next)
      .catch((error: unknown) => message.error(errorText(t, error)))
      .finally(() => setBusy(false));
  };
  return (
    <Space size="small">
      {state === "paused" ? (
        <Button size="small" disabled={busy} onClick={() => change("running")} data-testid="programme-resume">
          {t("marketing.resume")}
        </Button>
      ) : (
        <Button size="small" disabled={busy} onClick={() => change("paused")} data-testid="programme-pause">
          {t("marketing.pause")}
        </Button>
      )}
      <Popconfirm title={t("marketing.end_sure")} description={t("marketing.end_help")} okText={t("marketing.end")} cancelText={t("actions.cancel")} onConfirm={() => change("ended")}>
        <Button size="small" danger disabled={busy} data-testid="programme-end">
          {t("marketing.end")}
        </Button>
      </Popconfirm>
    </Space>
  );
}
