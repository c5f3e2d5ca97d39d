import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Dropdown, Tag } from "antd";
import { useState } from "react";
import { get, patch, post, remove } from "../api/http";
import type { OpenApp, WebhookEndpoint } from "../api/types";
import { errorText } from "../app/errors";
import { FormDialog } from "./FormDialog";
import { SecretDialog } from "./SecretDialog";
import { textKey, useRefresh } from "./queries";

interface AppCardProps {
  shopId: number;
  app: OpenApp;
}

type Opened = { kind: "edit" } | { kind: "webhook"; endpoint: WebhookEndpoint | null } | { kind: "secret"; label: string; value: string; help: string } | null;

/** A program: what it may do, when it last called, where it is told of changes. */
export function AppCard({ shopId, app }: AppCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const refresh = useRefresh(shopId);
  const { message, modal } = App.useApp();
  const [opened, setOpened] = useState<Opened>(null);
  const address = `/shops/${shopId}/open-apps/${app.id}`;
  const act = async (call: Promise<unknown>, done = t("open.saved")) => {
    try {
      await call;
      void message.success(done);
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await refresh();
    }
  };
  const rotate = () =>
    modal.confirm({
      title: t("open.rotate_sure"),
      content: t("open.rotate_help"),
      okText: t("open.rotate"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        const { secret } = await post<{ secret: string }>(`${address}/secret`);
        setOpened({ kind: "secret", label: t("open.secret"), value: secret, help: t("open.secret_once") });
      },
    });
  const askRemove = () =>
    modal.confirm({
      title: t("open.remove_sure", { name: app.name }),
      content: t("open.remove_help"),
      okText: t("open.remove"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: () => act(remove(address)),
    });
  const items = [
    { key: "edit", label: t("open.edit"), onClick: () => setOpened({ kind: "edit" }) },
    { key: "rotate", label: t("open.rotate"), onClick: rotate },
    { key: "toggle", label: t(app.is_active ? "open.stop" : "open.go_on"), onClick: () => void act(patch(address, { is_active: !app.is_active })) },
    { key: "remove", danger: true, label: t("open.remove"), onClick: askRemove },
  ];
  return (
    <Card
      className="wb-section"
      data-testid="open-app"
      title={
        <>
          {app.name} <Tag color={app.is_active ? "green" : "default"}>{t(app.is_active ? "open.active" : "open.stopped")}</Tag>
        </>
      }
      extra={
        <Dropdown menu={{ items }} trigger={["click"]}>
          <Button icon={<MoreOutlined />} aria-label={t("actions.more", { defaultValue: app.name })} data-testid="open-app-menu" />
        </Dropdown>
      }
    >
      <p className="wb-muted open-facts">
        <span>
          {t("open.client_id")} <code>{app.client_id}</code>
        </span>
        <span>{t("open.rate", { count: app.calls_per_minute })}</span>
        <span>{app.used_at ? t("open.used", { time: format.dateTime(app.used_at) }) : t("open.unused")}</span>
      </p>
      <p>
        {app.scopes.map((scope) => (
          <Tag key={scope} title={scope}>
            {t(`open.scope.${textKey(scope)}`, { defaultValue: scope })}
          </Tag>
        ))}
      </p>
      <h3 className="open-heading">{t("open.webhooks")}</h3>
      {app.endpoints.length === 0 && <p className="wb-muted">{t("open.webhook_none")}</p>}
      <ul className="open-endpoints">
        {app.endpoints.map((endpoint) => (
          <EndpointRow key={endpoint.id} shopId={shopId} endpoint={endpoint} act={act} open={setOpened} />
        ))}
      </ul>
      <Button icon={<PlusOutlined />} onClick={() => setOpened({ kind: "webhook", endpoint: null })} data-testid="add-webhook">
        {t("open.add_webhook")}
      </Button>
      {opened?.kind === "edit" && (
        <FormDialog kind="app" title={t("open.edit")} first={app.name} chosen={app.scopes} onClose={() => setOpened(null)} onSave={(name, scopes) => patch(address, { name, scopes }).then(() => void refresh())} />
      )}
      {opened?.kind === "webhook" && (
        <FormDialog
          kind="webhook"
          title={t("open.add_webhook")}
          first={opened.endpoint?.url ?? "https://"}
          chosen={opened.endpoint?.topics ?? ["order.paid"]}
          onClose={() => setOpened(null)}
          onSave={async (url, topics) => {
            if (opened.endpoint) await patch(`/shops/${shopId}/webhooks/${opened.endpoint.id}`, { url, topics });
            else await post(`${address}/webhooks`, { url, topics });
            await refresh();
          }}
        />
      )}
      {opened?.kind === "secret" && <SecretDialog values={[{ label: opened.label, value: opened.value }]} help={opened.help} onClose={() => setOpened(null)} />}
    </Card>
  );
}

interface EndpointRowProps {
  shopId: number;
  endpoint: WebhookEndpoint;
  act: (call: Promise<unknown>, done?: string) => Promise<void>;
  open: (what: Opened) => void;
}

function EndpointRow({ shopId, endpoint, act, open }: EndpointRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const address = `/shops/${shopId}/webhooks/${endpoint.id}`;
  const showSecret = async () => {
    const { secret } = await get<{ secret: string }>(`${address}/secret`);
    open({ kind: "secret", label: t("open.show_secret"), value: secret, help: t("open.secret_signing") });
  };
  const items = [
    { key: "edit", label: t("open.edit"), onClick: () => open({ kind: "webhook", endpoint }) },
    { key: "secret", label: t("open.show_secret"), onClick: () => void showSecret() },
    { key: "test", label: t("open.send_test"), disabled: !endpoint.topics.includes("webhook.test"), onClick: () => void act(post(`${address}/test`), t("open.test_sent")) },
    { key: "toggle", label: t(endpoint.is_active ? "open.pause" : "open.go_on"), onClick: () => void act(patch(address, { is_active: !endpoint.is_active })) },
    { key: "remove", danger: true, label: t("open.remove"), onClick: () => void act(remove(address)) },
  ];
  return (
    <li data-testid="webhook">
      <span className="open-endpoint-words">
        <code className="open-url">{endpoint.url}</code> {!endpoint.is_active && <Tag color="orange">{t("open.paused")}</Tag>}
        <small className="wb-muted">{endpoint.topics.map((topic) => t(`open.topic.${textKey(topic)}`, { defaultValue: topic })).join(" · ")}</small>
        {endpoint.failing_since && <small className="open-failing">{t("open.failing", { time: format.dateTime(endpoint.failing_since) })}</small>}
      </span>
      <Dropdown menu={{ items }} trigger={["click"]}>
        <Button type="text" icon={<MoreOutlined />} aria-label={endpoint.url} data-testid="webhook-menu" />
      </Dropdown>
    </li>
  );
}
