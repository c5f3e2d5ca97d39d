import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Empty, Input, Select, Space } from "antd";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useProductsToAnchor } from "../content/anchor-products";
import type { DeskProps } from "./DeskPage";
import { ItemPrices } from "./DeskPrices";
import { moved } from "./states";

const EXPLAINABLE = new Set(["live", "interrupted"]);
const ADDED_AT_ONCE = 100;
const CHANGEABLE = new Set(["scheduled", "live", "paused", "interrupted"]);

/** The run of show: its order, and which product is being explained. */
export function DeskItems({ room, act, editable }: DeskProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const ids = room.items.map((item) => item.id);
  const changeable = editable && CHANGEABLE.has(room.state);
  const order = (id: number, by: -1 | 1) => act.mutate({ verb: "put", path: "/items/order", body: { item_ids: moved(ids, id, by) } });
  return (
    <section className="wb-panel live-desk-items" aria-label={t("live.run_of_show")}>
      <h2 className="live-desk-title">{t("live.run_of_show")}</h2>
      {changeable && <AddProducts taken={room.items.map((item) => item.product.id)} onAdd={(picked) => act.mutate({ verb: "post", path: "/items", body: { items: picked.map((product_id) => ({ product_id })) } })} />}
      {room.items.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("live.items_empty")} />}
      <ol className="live-desk-list">
        {room.items.map((item, place) => {
          const explaining = item.id === room.explaining_item_id;
          const name = item.label || item.product.short_name || item.product.name;
          return (
            <li key={item.id} className={explaining ? "live-desk-row live-desk-row-on" : "live-desk-row"} data-testid="live-item">
              <span className="live-desk-name">
                <b>
                  {place + 1}. {name}
                </b>
                {changeable && <ItemLabel key={item.label} label={item.label} name={item.product.short_name || item.product.name} onSave={(label) => act.mutate({ verb: "patch", path: `/items/${item.id}`, body: { label } })} />}
                <small>
                  {format.money(item.product.price)} · {t("live.stock", { count: item.available })} · {t(`live.item.${item.state}`)}
                </small>
              </span>
              {editable && EXPLAINABLE.has(room.state) && (
                <Button
                  size="small"
                  type={explaining ? "default" : "primary"}
                  disabled={!explaining && !item.product.sale_state.can_buy}
                  onClick={() => act.mutate({ verb: "post", path: `/items/${item.id}/${explaining ? "unexplain" : "explain"}` })}
                  data-testid={explaining ? "live-unexplain" : "live-explain"}
                >
                  {explaining ? t("live.unexplain") : t("live.explain")}
                </Button>
              )}
              <ItemPrices room={room} act={act} editable={editable} item={item} />
              {changeable && (
                <span className="live-desk-tools">
                  <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("live.up", { name })} onClick={() => order(item.id, -1)} />
                  <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place === ids.length - 1} aria-label={t("live.down", { name })} onClick={() => order(item.id, 1)} />
                  <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("live.remove", { name })} onClick={() => act.mutate({ verb: "remove", path: `/items/${item.id}` })} />
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What stands on the card in place of the product's name: why to buy it. */
function ItemLabel({ label, name, onSave }: { label: string; name: string; onSave: (label: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(label);
  const save = () => text.trim() !== label && onSave(text.trim());
  return <Input size="small" variant="borderless" maxLength={40} value={text} placeholder={t("live.label")} aria-label={t("live.label_of", { name })} onChange={(event) => setText(event.target.value)} onPressEnter={save} onBlur={save} data-testid="live-label" />;
}

function AddProducts({ taken, onAdd }: { taken: number[]; onAdd: (ids: number[]) => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [picked, setPicked] = useState<{ value: number; label: ReactNode }[]>([]);
  const deferred = useDeferredValue(query.trim());
  const products = useProductsToAnchor(deferred);
  const rows = products.rows.filter((product) => !taken.includes(product.id));
  const add = () => {
    onAdd(picked.map((one) => one.value));
    setPicked([]);
    setQuery("");
  };
  return (
    <Space.Compact className="wb-full">
      <Select<{ value: number; label: ReactNode }[]>
        className="wb-full"
        data-testid="live-add"
        mode="multiple"
        labelInValue
        maxCount={ADDED_AT_ONCE}
        value={picked}
        showSearch={{ filterOption: false, onSearch: setQuery, searchValue: query }}
        loading={products.isFetching}
        placeholder={t("live.add_product")}
        aria-label={t("live.add_product")}
        onChange={setPicked}
        options={rows.map((product) => ({ value: product.id, label: product.name }))}
      />
      <Button type="primary" disabled={picked.length === 0} onClick={add} data-testid="live-add-send">
        {t("live.add", { count: picked.length })}
      </Button>
    </Space.Compact>
  );
}
