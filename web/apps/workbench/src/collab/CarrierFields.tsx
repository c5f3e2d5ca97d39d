import { useFormat, useTranslation } from "@xingqu/i18n";
import { Form, Input, Select } from "antd";
import { useState } from "react";
import { readPreference } from "../app/preferences";
import { useCarriers } from "../orders/queries";
import { cleanTracking, fitsPattern } from "../orders/ship-rows";

/** Carrier and number of a parcel, checked against the carrier's pattern as typed. */
export function useParcelFields() {
  const carriers = useCarriers();
  const [code, setCode] = useState<string | undefined>(() => readPreference("last-carrier", undefined));
  const [typed, setTyped] = useState("");
  const carrier = carriers.data?.find((each) => each.code === code);
  const tracking = cleanTracking(typed);
  const ready = carrier !== undefined && tracking !== "" && fitsPattern(tracking, carrier);
  return { carriers, code, setCode, typed, setTyped, ready, body: { carrier_code: code ?? "", tracking_no: tracking } };
}

export function CarrierFields({ parcel, tried }: { parcel: ReturnType<typeof useParcelFields>; tried: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wrong = tried && !parcel.ready;
  return (
    <>
      <Form.Item label={t("orders.column.carrier")} htmlFor="sample-carrier">
        <Select
          id="sample-carrier"
          data-testid="sample-carrier"
          value={parcel.code}
          onChange={(code: string) => parcel.setCode(code)}
          loading={parcel.carriers.isPending}
          placeholder={t("orders.pick_carrier")}
          showSearch={{ optionFilterProp: "search" }}
          options={(parcel.carriers.data ?? []).map((each) => ({ value: each.code, label: format.named(each), search: `${each.name} ${each.name_en} ${each.code}` }))}
        />
      </Form.Item>
      <Form.Item label={t("orders.column.tracking_no")} htmlFor="sample-tracking" {...(wrong ? { validateStatus: "error" as const, help: t("orders.ship_problem.tracking_pattern") } : {})}>
        <Input id="sample-tracking" className="wb-mono" value={parcel.typed} maxLength={40} autoComplete="off" onChange={(event) => parcel.setTyped(event.target.value)} data-testid="sample-tracking" />
      </Form.Item>
    </>
  );
}
