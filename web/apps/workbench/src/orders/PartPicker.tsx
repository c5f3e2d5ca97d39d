import { useTranslation } from "@xingqu/i18n";
import { InputNumber } from "antd";
import type { Order } from "../api/types";
import { Thumb } from "../products/Thumb";

interface Props {
  order: Order;
  units: Record<number, number>;
  onChange: (units: Record<number, number>) => void;
}

/** How many units of each line go into this package; an order with one unit left has nothing to choose. */
export function PartPicker({ order, units, onChange }: Props) {
  const { t } = useTranslation();
  const left = order.lines.reduce((sum, line) => sum + line.to_ship_quantity, 0);
  return (
    <div className="wb-stack">
      {order.lines.map((line) => (
        <div key={line.sku_id} className="wb-row-between">
          <div className="wb-line">
            <Thumb url={line.picture_url} size={36} />
            <div className="wb-line-words">
              <span className="wb-clip">{line.name}</span>
              <small className="wb-muted">
                {line.option_text} × {line.quantity} {line.shipped_quantity > 0 && t("orders.shipped_of", { count: line.shipped_quantity })}
              </small>
            </div>
          </div>
          {left > 1 && line.to_ship_quantity > 0 && (
            <InputNumber
              min={0}
              max={line.to_ship_quantity}
              precision={0}
              value={units[line.sku_id] ?? 0}
              suffix={`/ ${line.to_ship_quantity}`}
              aria-label={t("orders.units_in_package", { name: line.name })}
              data-testid="ship-units"
              onChange={(value) => onChange({ ...units, [line.sku_id]: value ?? 0 })}
            />
          )}
        </div>
      ))}
    </div>
  );
}
