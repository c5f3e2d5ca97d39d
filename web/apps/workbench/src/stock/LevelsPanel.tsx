import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card, InputNumber, Select, Space, Table, Tag } from "antd";
import { useState } from "react";
import { get, post } from "../api/http";
import type { StockLevel, Warehouse } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";

interface LevelsPanelProps {
  shopId: number;
  skuId: number;
  editable: boolean;
  onMoved: () => void;
}

/** Where the units of a SKU are, in general stock and in campaigns, and moving them between warehouses. */
export function LevelsPanel({ shopId, skuId, editable, onMoved }: LevelsPanelProps) {
  const { t } = useTranslation();
  const levels = useQuery({ queryKey: ["levels", shopId, skuId], queryFn: ({ signal }) => get<StockLevel[]>(`/shops/${shopId}/skus/${skuId}/levels`, undefined, signal) });
  if (levels.isError) return <ErrorView error={levels.error} onRetry={() => void levels.refetch()} />;
  const figure = (key: "received" | "sold" | "held" | "free") => ({ key, dataIndex: key, title: t(`stock.level.${key}`), align: "right" as const });
  return (
    <Card size="small" title={`${t("stock.levels")} · SKU ${skuId}`} className="wb-panel" extra={editable && <MoveForm shopId={shopId} skuId={skuId} onMoved={onMoved} />}>
      <Table
        size="small"
        pagination={false}
        loading={levels.isPending}
        rowKey={(row) => `${row.warehouse_id}-${row.campaign}`}
        dataSource={levels.data ?? []}
        scroll={{ x: "max-content" }}
        columns={[
          {
            key: "place",
            title: t("stock.column.warehouse"),
            render: (_, row) => (
              <Space size={4}>
                {row.warehouse_name}
                {row.campaign && <Tag color="orange">{t("stock.campaign")}</Tag>}
                {!row.is_open && <Tag>{t("stock.closed")}</Tag>}
              </Space>
            ),
          },
          figure("received"),
          figure("sold"),
          figure("held"),
          figure("free"),
        ]}
      />
    </Card>
  );
}

function MoveForm({ shopId, skuId, onMoved }: { shopId: number; skuId: number; onMoved: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const houses = useQuery({ queryKey: ["warehouses", shopId], queryFn: ({ signal }) => get<Warehouse[]>(`/shops/${shopId}/warehouses`, undefined, signal) });
  const [source, setSource] = useState<number>();
  const [target, setTarget] = useState<number>();
  const [quantity, setQuantity] = useState<number | null>(1);
  const [busy, setBusy] = useState(false);
  if ((houses.data?.length ?? 0) < 2) return null;
  const options = houses.data?.map((house) => ({ value: house.id, label: house.name })) ?? [];
  const move = async () => {
    setBusy(true);
    try {
      await post(`/shops/${shopId}/stock-moves`, { sku_id: skuId, source_id: source, target_id: target, quantity });
      await client.invalidateQueries({ queryKey: ["levels", shopId, skuId] });
      onMoved();
      void message.success(t("stock.moved"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Space wrap>
      <Select className="wb-filter" options={options} value={source} onChange={setSource} placeholder={t("stock.from")} aria-label={t("stock.from")} />
      <Select className="wb-filter" options={options} value={target} onChange={setTarget} placeholder={t("stock.to")} aria-label={t("stock.to")} />
      <InputNumber min={1} max={9_999_999} precision={0} value={quantity} onChange={setQuantity} aria-label={t("stock.quantity")} />
      <Button loading={busy} disabled={!source || !target || source === target || !quantity} onClick={() => void move()} data-testid="stock-move">
        {t("stock.move")}
      </Button>
    </Space>
  );
}
