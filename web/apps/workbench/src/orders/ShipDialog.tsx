import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { Order } from "../api/types";
import { errorText, fieldReasons } from "../app/errors";
import { readPreference, writePreference } from "../app/preferences";
import { useShop } from "../app/session";
import { PartPicker } from "./PartPicker";
import { useCarriers, useOrder, useShipping } from "./queries";
import { cleanTracking, fitsPattern, partOf } from "./ship-rows";

const SHIP_CONFIRM = { "data-testid": "ship-confirm" } as const;

/** Ships one order: carrier and tracking number, checked against the carrier's pattern as typed. */
export function ShipDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const carriers = useCarriers();
  const detail = useOrder(shop.id, order.order_no);
  const shipping = useShipping(shop.id);
  const [carrierCode, setCarrierCode] = useState<string | undefined>(() => readPreference("last-carrier", undefined));
  const [typed, setTyped] = useState("");
  const [touched, setTouched] = useState(false);
  const [units, setUnits] = useState<Record<number, number>>(() => Object.fromEntries(order.lines.map((line) => [line.sku_id, line.to_ship_quantity])));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const carrier = carriers.data?.find((each) => each.code === carrierCode);
  const tracking = cleanTracking(typed);
  const reasons = fieldReasons(t, refusal);
  const nothing = Object.values(units).every((count) => count === 0);
  const problem =
    tracking === "" ? t("orders.ship_problem.tracking_missing") : fitsPattern(tracking, carrier) ? null : t("orders.ship_problem.tracking_pattern");
  const shownProblem = reasons.get("tracking_no") ?? (touched && carrier ? problem : null);
  const confirm = async () => {
    setTouched(true);
    if (!carrier || problem || nothing) return;
    setBusy(true);
    setRefusal(null);
    try {
      await shipping.shipOne(order.order_no, { carrier_code: carrier.code, tracking_no: tracking, lines: partOf(order, units) });
      writePreference("last-carrier", carrier.code);
      void message.success(t("orders.shipped_done", { number: order.order_no }));
      onClose();
    } catch (error) {
      setRefusal(error);
      void shipping.refresh();
    } finally {
      setBusy(false);
    }
  };
  const address = detail.data?.address;
  return (
    <Modal
      open
      title={t("orders.ship_title", { number: order.order_no })}
      onCancel={onClose}
      onOk={() => void confirm()}
      okText={t("orders.ship_confirm")}
      cancelText={t("actions.cancel")}
      confirmLoading={busy}
      okButtonProps={SHIP_CONFIRM}
      width={520}
    >
      <div className="wb-ship-what">
        <PartPicker order={order} units={units} onChange={setUnits} />
        {address && (
          <p className="wb-muted">
            {address.recipient} {address.phone} · {[address.province, address.city, address.district, address.detail].join(" ")}
          </p>
        )}
      </div>
      <Form layout="vertical" onFinish={() => void confirm()}>
        <Form.Item
          label={t("orders.column.carrier")}
          htmlFor="ship-carrier"
          required
          validateStatus={reasons.get("carrier_code") || (touched && !carrier) ? "error" : ""}
          help={reasons.get("carrier_code") ?? (touched && !carrier ? t("orders.ship_problem.carrier_missing") : undefined)}
        >
          <Select
            id="ship-carrier"
            data-testid="ship-carrier"
            value={carrierCode}
            onChange={(code: string) => setCarrierCode(code)}
            loading={carriers.isPending}
            placeholder={t("orders.pick_carrier")}
            showSearch={{ optionFilterProp: "search" }}
            options={(carriers.data ?? []).map((each) => ({
              value: each.code,
              label: format.named(each),
              search: `${each.name} ${each.name_en} ${each.code}`,
            }))}
          />
        </Form.Item>
        <Form.Item
          label={t("orders.column.tracking_no")}
          htmlFor="ship-tracking"
          required
          validateStatus={shownProblem ? "error" : ""}
          help={shownProblem ?? undefined}
        >
          <Input
            id="ship-tracking"
            data-testid="ship-tracking"
            className="wb-mono"
            value={typed}
            maxLength={40}
            autoComplete="off"
            onChange={(event) => {
              setTyped(event.target.value);
              setRefusal(null);
            }}
            onBlur={() => setTouched(typed !== "")}
            onPressEnter={() => void confirm()}
            placeholder={t("orders.tracking_example")}
          />
        </Form.Item>
      </Form>
      {refusal !== null && reasons.size === 0 && (
        <Alert type="error" showIcon title={errorText(t, refusal)} description={t("orders.ship_refused_safe")} />
      )}
    </Modal>
  );
}
