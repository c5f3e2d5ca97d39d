import { useTranslation } from "@xingqu/i18n";
import { Form, Input, InputNumber, Radio } from "antd";
import { useState } from "react";
import { AskDialog } from "../funds/dialogs";
import { CarrierFields, useParcelFields } from "./CarrierFields";
import { type SampleDetail, type Side, useSampleActions } from "./queries";
import { SAMPLE_STEPS } from "./steps";
import { useMoney } from "./Words";

/** One step of a sample, with what it asks for. */
export function SampleStepDialog({ side, sample, name, onClose }: { side: Side; sample: SampleDetail; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const actions = useSampleActions(side);
  const parcel = useParcelFields();
  const [text, setText] = useState("");
  const [link, setLink] = useState("");
  const [days, setDays] = useState(7);
  const [agree, setAgree] = useState(true);
  const [way, setWay] = useState<"balance" | "provider">("balance");
  const step = SAMPLE_STEPS[name];
  if (!step) return null;
  const { form } = step;
  const ready = form === "ship" ? parcel.ready : form === "work" ? /^(https?:\/\/|\/)\S+$/.test(link.trim()) : !step.must || text.trim() !== "";
  const body = () => {
    if (form === "ship") return parcel.body;
    if (form === "work") return { link: link.trim(), text };
    if (form === "days") return { days, text };
    if (form === "answer") return { agree, text };
    if (form === "text") return { text };
    return name === "approve" ? { despite_flag: sample.flag !== "" } : {};
  };
  const send = async () => {
    if (form !== "pay") {
      await actions.step(sample, step.path, body());
      return;
    }
    const started = await actions.pay(sample, way);
    if (started.redirect_url) location.assign(started.redirect_url);
  };
  return (
    <AskDialog title={t(`collab.step.${name}`)} confirm={t(`collab.step.${name}`)} done={t("collab.done")} ready={ready} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t(`collab.step_help.${name}`, { amount: money(sample.pay_minor), product: sample.product_name, days: sample.extension_days })}</p>
          {name === "approve" && sample.flag !== "" && <p className="wb-warning">{t("collab.flag_help")}</p>}
          {form === "ship" && <CarrierFields parcel={parcel} tried={tried} />}
          {form === "work" && (
            <Form.Item label={t("collab.link")} htmlFor="sample-link" {...(tried && !ready ? { validateStatus: "error" as const, help: t("collab.link_wrong") } : {})}>
              <Input id="sample-link" value={link} maxLength={300} placeholder="https://" onChange={(event) => setLink(event.target.value)} data-testid="sample-link" />
            </Form.Item>
          )}
          {form === "days" && (
            <Form.Item label={t("collab.days")} htmlFor="sample-days">
              <InputNumber id="sample-days" min={1} max={180} precision={0} value={days} onChange={(value) => setDays(value ?? 1)} />
            </Form.Item>
          )}
          {form === "answer" && <Radio.Group value={agree} onChange={(event) => setAgree(event.target.value as boolean)} options={[true, false].map((value) => ({ value, label: t(`collab.extension.${value ? "give" : "refuse"}`) }))} />}
          {form === "pay" && <PayWay way={way} onChange={setWay} side={side.name} />}
          {["text", "work", "days", "answer"].includes(form) && (
            <Form.Item label={t("collab.words")} htmlFor="sample-text" {...(tried && !ready && form === "text" ? { validateStatus: "error" as const, help: t("collab.words_wrong") } : {})}>
              <Input.TextArea id="sample-text" value={text} maxLength={400} rows={3} onChange={(event) => setText(event.target.value)} data-testid="sample-text" />
            </Form.Item>
          )}
        </>
      )}
    </AskDialog>
  );
}

/** Out of the workplace's own money, or through a payment provider. */
export function PayWay({ way, onChange, side }: { way: "balance" | "provider"; onChange: (way: "balance" | "provider") => void; side: "merchant" | "creator" }) {
  const { t } = useTranslation();
  return <Radio.Group value={way} onChange={(event) => onChange(event.target.value as "balance" | "provider")} options={(["balance", "provider"] as const).map((value) => ({ value, label: t(`collab.pay.${value === "balance" ? side : value}`) }))} />;
}
