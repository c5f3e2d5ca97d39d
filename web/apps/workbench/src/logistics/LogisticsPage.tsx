import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Empty, Popconfirm, Skeleton, Table, Tabs, Tag } from "antd";
import { useState } from "react";
import type { FreightTemplate } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { AddressesPanel } from "./AddressesPanel";
import { CoverPanel } from "./CoverPanel";
import { HookPanel } from "./HookPanel";
import { ProductsPanel } from "./ProductsPanel";
import { TemplateDrawer } from "./TemplateDrawer";
import { useLogistics, useTemplates } from "./queries";

const TABS = ["templates", "products", "addresses", "cover", "carrier"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "templates" } } as const satisfies FilterSchema;

/** What delivery costs, where the shop sends from, and its own carrier. */
export default function LogisticsPage() {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const panels = { templates: <TemplatesPanel />, products: <ProductsPanel />, addresses: <AddressesPanel />, cover: <CoverPanel />, carrier: <HookPanel /> };
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.logistics")} />
      <Tabs
        className="wb-tabs"
        activeKey={values.tab ?? "templates"}
        onChange={(tab) => change({ tab: tab as "templates" })}
        items={TABS.map((tab) => ({ key: tab, label: <span data-testid={`logistics-tab-${tab}`}>{t(`logistics.tab.${tab}`)}</span> }))}
      />
      {panels[(values.tab ?? "templates") as keyof typeof panels]}
    </div>
  );
}

function TemplatesPanel() {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const templates = useTemplates(shop.id);
  const logistics = useLogistics(shop.id);
  const [editing, setEditing] = useState<FreightTemplate | "new" | null>(null);
  const editable = mayEdit(shop.permissions, "settings");
  if (templates.isPending) return <Skeleton active className="wb-panel" />;
  if (templates.isError) return <ErrorView error={templates.error} onRetry={() => void templates.refetch()} />;
  const drop = (one: FreightTemplate) => logistics.removeTemplate(one.id).catch((error: unknown) => void message.error(errorText(t, error)));
  return (
    <Card
      className="wb-section"
      title={t("logistics.tab.templates")}
      extra={
        editable && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing("new")} data-testid="template-new">
            {t("logistics.new_template")}
          </Button>
        )
      }
    >
      <p className="wb-muted">{t("logistics.templates_help")}</p>
      {templates.data.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("logistics.no_templates")} />
      ) : (
        <Table<FreightTemplate>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={templates.data}
          scroll={{ x: 600 }}
          columns={[
            { title: t("logistics.name"), render: (_, one) => <>{one.name} {one.is_default && <Tag color="blue">{t("logistics.default")}</Tag>}</> },
            { title: t("logistics.by"), render: (_, one) => t(`logistics.by_${one.by}`) },
            { title: t("logistics.zones"), render: (_, one) => t("logistics.zones_of", { count: one.zones.length - 1, refused: one.zones.filter((zone) => zone.refused !== null).length }) },
            { title: t("logistics.products"), dataIndex: "products", align: "right" },
            {
              title: t("table.actions"),
              render: (_, one) =>
                editable && (
                  <>
                    <Button size="small" type="link" onClick={() => setEditing(one)} data-testid="template-edit">
                      {t("logistics.edit")}
                    </Button>
                    <Popconfirm title={t("logistics.remove_ask", { name: one.name })} onConfirm={() => drop(one)} okText={t("logistics.remove")} cancelText={t("actions.cancel")}>
                      <Button size="small" type="link" danger>
                        {t("logistics.remove")}
                      </Button>
                    </Popconfirm>
                  </>
                ),
            },
          ]}
        />
      )}
      {editing && <TemplateDrawer template={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}
