import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Collapse, InputNumber, Space } from "antd";
import { useState } from "react";
import { put } from "../api/http";
import type { ProductEdit } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { type LimitForm, checkLimits, limitsBody, limitsOf } from "./limits";

const FIELDS = ["per_order", "per_person", "days"] as const;

/** Purchase limits of the product and of its SKUs: saved on their own, and they hold at once. */
export function LimitsCard({ product, dirty, onSaved }: { product: ProductEdit; dirty: boolean; onSaved: (product: ProductEdit) => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const [typed, setTyped] = useState(() => limitsOf(product));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const problems = checkLimits(typed);
  const changed = JSON.stringify(typed) !== JSON.stringify(limitsOf(product));
  const set = (row: LimitForm) => setTyped((rows) => rows.map((each) => (each.sku_id === row.sku_id ? row : each)));
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const saved = await put<ProductEdit>(`/shops/${shop.id}/products/${product.id}/purchase-limits`, limitsBody(typed, product.version));
      setTyped(limitsOf(saved));
      onSaved(saved);
      void message.success(t("limits.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const [whole, ...skus] = typed;
  return (
    <Card
      title={t("limits.title")}
      className="wb-section"
      extra={
        <Button onClick={() => void save()} loading={busy} disabled={!changed || dirty || problems.size > 0} data-testid="limits-save">
          {t("limits.save")}
        </Button>
      }
    >
      <p className="wb-muted">{dirty ? t("limits.save_first") : t("limits.help")}</p>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      {whole && <LimitRow row={whole} label={t("limits.whole")} problem={problems.get(whole.sku_id)} onChange={set} />}
      {product.skus.length > 1 && (
        <Collapse
          ghost
          items={[
            {
              key: "skus",
              label: t("limits.by_sku"),
              children: skus.map((row) => (
                <LimitRow
                  key={row.sku_id}
                  row={row}
                  label={product.skus.find((sku) => sku.id === row.sku_id)?.option_text ?? ""}
                  problem={problems.get(row.sku_id)}
                  onChange={set}
                />
              )),
            },
          ]}
        />
      )}
    </Card>
  );
}

interface LimitRowProps {
  row: LimitForm;
  label: string;
  problem: string | undefined;
  onChange: (row: LimitForm) => void;
}

function LimitRow({ row, label, problem, onChange }: LimitRowProps) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={label} data-testid="limit-row">
      <Space wrap>
        <span>{label}</span>
        {FIELDS.map((name) => (
          <label key={name}>
            <small className="wb-muted">{t(`limits.${name}`)} </small>
            <InputNumber
              min={1}
              max={name === "days" ? 3650 : 9999}
              precision={0}
              value={row[name]}
              status={problem ? "error" : ""}
              placeholder={name === "days" ? t("limits.ever") : t("limits.none")}
              data-testid={`limit-${name}`}
              onChange={(value) => onChange({ ...row, [name]: value })}
            />
          </label>
        ))}
      </Space>
      {problem && <p className="wb-reason">{t(`limits.problem.${problem}`)}</p>}
    </div>
  );
}
