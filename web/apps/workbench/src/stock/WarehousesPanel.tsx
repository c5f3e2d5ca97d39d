import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Input, InputNumber, Space, Tag } from "antd";
import { useState } from "react";
import { post, put } from "../api/http";
import type { Warehouse } from "../api/types";
import { errorText } from "../app/errors";

/** A shop's warehouses in the order in which orders take from them. */
export function WarehousesPanel({ shopId, warehouses, editable }: { shopId: number; warehouses: Warehouse[]; editable: boolean }) {
  const { t } = useTranslation();
  return (
    <Card size="small" title={t("stock.warehouses")} className="wb-panel">
      <p className="wb-muted">{t("stock.warehouses_help")}</p>
      <Space orientation="vertical" className="wb-full">
        {warehouses.map((house) => (
          <WarehouseRow key={`${house.id}-${house.name}-${house.priority}`} shopId={shopId} house={house} editable={editable} />
        ))}
        {editable && <WarehouseRow key={`new-${warehouses.length}`} shopId={shopId} editable />}
      </Space>
    </Card>
  );
}

function WarehouseRow({ shopId, house, editable }: { shopId: number; house?: Warehouse; editable: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [name, setName] = useState(house?.name ?? "");
  const [priority, setPriority] = useState(house?.priority ?? 1);
  const [busy, setBusy] = useState(false);
  if (!editable && house) return <span>{house.name}</span>;
  const changed = name.trim() !== "" && (name.trim() !== house?.name || priority !== house.priority);
  const save = async () => {
    setBusy(true);
    try {
      const body = { name: name.trim(), priority };
      await (house ? put(`/shops/${shopId}/warehouses/${house.id}`, body) : post(`/shops/${shopId}/warehouses`, body));
      await client.invalidateQueries({ queryKey: ["warehouses", shopId] });
      void message.success(t("stock.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Space wrap>
      <Input value={name} maxLength={40} placeholder={t("stock.name")} aria-label={t("stock.name")} onChange={(event) => setName(event.target.value)} data-testid="warehouse-name" />
      <InputNumber value={priority} min={0} max={999} precision={0} aria-label={t("stock.priority")} prefix={t("stock.priority")} onChange={(value) => setPriority(value ?? 0)} />
      <Button disabled={!changed} loading={busy} onClick={() => void save()} data-testid="warehouse-save">
        {t(house ? "stock.save" : "stock.add")}
      </Button>
      {house?.is_default && <Tag>{t("stock.first")}</Tag>}
    </Space>
  );
}
