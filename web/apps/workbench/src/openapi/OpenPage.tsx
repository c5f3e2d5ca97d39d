import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Tabs } from "antd";
import { useState } from "react";
import { API_ROOT, post } from "../api/http";
import type { NewOpenApp } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { EmptyList } from "../table/EmptyList";
import { AppCard } from "./AppCard";
import { DeliveriesPanel } from "./DeliveriesPanel";
import { FormDialog } from "./FormDialog";
import { SecretDialog } from "./SecretDialog";
import "./openapi.css";
import { useOpenApps, useRefresh } from "./queries";
import { firstScopes } from "./scopes";

/** Programs of the shop, their webhooks, and what became of each delivery. */
export default function OpenPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const items = [
    { key: "apps", label: t("open.apps_tab"), children: <Programs shopId={shop.id} kind={shop.kind} /> },
    { key: "deliveries", label: t("open.deliveries_tab"), children: <DeliveriesPanel shopId={shop.id} /> },
  ];
  return (
    <div className="wb-page wb-narrow">
      <PageHead title={t("rooms.open")} />
      <p className="wb-muted">
        {t("open.help")}{" "}
        <a href={`${API_ROOT}/docs`} target="_blank" rel="noreferrer">
          {t("open.reference")}
        </a>
      </p>
      <Tabs items={items} />
    </div>
  );
}

function Programs({ shopId, kind }: { shopId: number; kind: string }) {
  const { t } = useTranslation();
  const apps = useOpenApps(shopId);
  const refresh = useRefresh(shopId);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewOpenApp | null>(null);
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)} data-testid="create-open-app">
      {t("open.create")}
    </Button>
  );
  if (apps.isPending) return <Skeleton active paragraph={{ rows: 5 }} className="wb-panel" />;
  if (apps.isError) return <ErrorView error={apps.error} onRetry={() => void apps.refetch()} />;
  return (
    <>
      {apps.data.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("open.empty")} help={t("open.empty_help")} action={create} />
        </div>
      ) : (
        <div className="wb-filters">{create}</div>
      )}
      {apps.data.map((app) => (
        <AppCard key={app.id} shopId={shopId} app={app} />
      ))}
      {creating && (
        <FormDialog
          kind="app"
          title={t("open.create")}
          first=""
          chosen={firstScopes(kind)}
          onClose={() => setCreating(false)}
          onSave={async (name, scopes) => {
            setMade(await post<NewOpenApp>(`/shops/${shopId}/open-apps`, { name, scopes }));
            await refresh();
          }}
        />
      )}
      {made && (
        <SecretDialog
          values={[
            { label: t("open.client_id"), value: made.client_id },
            { label: t("open.secret"), value: made.client_secret },
          ]}
          help={t("open.secret_once")}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}
