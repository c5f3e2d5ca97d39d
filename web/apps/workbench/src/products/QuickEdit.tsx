import { EditOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Input, Popover, Skeleton } from "antd";
import { type ReactNode, useState } from "react";
import type { MerchantProduct, ProductEdit } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { moneyToInput, parseMoney } from "../format/money-input";
import { fromProduct, saveSkus } from "./product-form";
import { useProduct, useProductActions } from "./queries";
import { type SkuDraft, parseStock, rowLabel } from "./sku-matrix";

/** Price and stock of every SKU without leaving the list. */
export function QuickEdit({ product, children }: { product: MerchantProduct; children: ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      title={t("products.quick_edit", { name: product.name })}
      content={open && <QuickEditBody productId={product.id} onDone={() => setOpen(false)} />}
    >
      <button type="button" className="wb-editable" data-testid="quick-edit">
        {children}
        <EditOutlined aria-hidden />
      </button>
    </Popover>
  );
}

function QuickEditBody({ productId, onDone }: { productId: number; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const product = useProduct(shop.id, productId);
  if (product.isPending || product.isFetching) return <Skeleton active paragraph={{ rows: 2 }} />;
  if (product.isError) return <Alert type="error" title={errorText(t, product.error)} />;
  return <QuickEditForm product={product.data} onDone={onDone} />;
}

function QuickEditForm({ product, onDone }: { product: ProductEdit; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const actions = useProductActions(shop.id);
  const [form] = useState(() => fromProduct(product));
  const [rows, setRows] = useState<SkuDraft[]>(form.skus);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const change = (index: number, part: Partial<SkuDraft>) =>
    setRows((current) => current.map((row, each) => (each === index ? { ...row, ...part } : row)));
  const wrong = rows.some((row) => !parseMoney(row.price).ok || !parseStock(row.stock).ok);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await saveSkus(shop.id, product, { ...form, skus: rows });
      client.removeQueries({ queryKey: ["product", shop.id, product.id] });
      await actions.refresh();
      onDone();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <form
      className="wb-quick"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) void save();
      }}
    >
      <div className="wb-quick-rows">
        {rows.map((row, index) => (
          <div key={row.value_keys.join("-") || "single"} className="wb-quick-row">
            {row.value_keys.length > 0 && <span className="wb-clip">{rowLabel(form.options, row)}</span>}
            <Input
              prefix="¥"
              size="small"
              inputMode="decimal"
              value={row.price}
              status={parseMoney(row.price).ok ? "" : "error"}
              onChange={(event) => change(index, { price: event.target.value })}
              aria-label={`${t("products.field.price")} ${rowLabel(form.options, row)}`}
              data-testid="quick-price"
              onBlur={() => {
                const parsed = parseMoney(row.price);
                if (parsed.ok) change(index, { price: moneyToInput(parsed.amount_minor) });
              }}
            />
            <Input
              size="small"
              inputMode="numeric"
              value={row.stock}
              status={parseStock(row.stock).ok ? "" : "error"}
              onChange={(event) => change(index, { stock: event.target.value })}
              aria-label={`${t("products.field.stock")} ${rowLabel(form.options, row)}`}
              data-testid="quick-stock"
              suffix={<small className="wb-muted">{t("products.units")}</small>}
            />
          </div>
        ))}
      </div>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <div className="wb-quick-end">
        <Button size="small" onClick={onDone}>
          {t("actions.cancel")}
        </Button>
        <Button size="small" type="primary" htmlType="submit" loading={busy} disabled={wrong} data-testid="quick-save">
          {t("actions.save")}
        </Button>
      </div>
    </form>
  );
}
