import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Descriptions, Drawer, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { type SampleDetail, type Side, useSample } from "./queries";
import { SampleStepDialog } from "./SampleStepDialog";
import { openSampleSteps, SAMPLE_STEPS } from "./steps";
import { NextStep, SampleTag, Timeline, useMoney } from "./Words";

/** Everything about one sample beside the list, with what this side can do now. */
export function SampleDrawer({ side, number, onClose }: { side: Side; number: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const found = useSample(side, number);
  const [step, setStep] = useState<string | null>(null);
  const sample = found.data;
  const steps = sample && side.editable ? openSampleSteps(sample.can) : [];
  return (
    <Drawer
      open={Boolean(number)}
      onClose={onClose}
      size={620}
      title={<span className="wb-mono">{number}</span>}
      data-testid="sample-drawer"
      footer={
        steps.length > 0 && (
          <Space wrap>
            {steps.map((name) => (
              <Button key={name} type={SAMPLE_STEPS[name]?.tone === "primary" ? "primary" : "default"} danger={SAMPLE_STEPS[name]?.tone === "danger"} onClick={() => setStep(name)} data-testid={`sample-${name}`}>
                {t(`collab.step.${name}`)}
              </Button>
            ))}
          </Space>
        )
      }
    >
      {found.isPending && number && <Skeleton active paragraph={{ rows: 10 }} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {sample && <Body side={side} sample={sample} />}
      {sample && step && <SampleStepDialog side={side} sample={sample} name={step} onClose={() => setStep(null)} />}
    </Drawer>
  );
}

function Body({ side, sample }: { side: Side; sample: SampleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const parcel = sample.parcels[0];
  const place = [sample.address.recipient, sample.address.phone, sample.address.province, sample.address.city, sample.address.district, sample.address.detail].filter(Boolean).join(" ");
  const rows = [
    { key: "product", label: t("collab.column.product"), children: `${sample.product_name} × ${sample.quantity}` },
    { key: "who", label: t(`collab.column.${side.name === "merchant" ? "creator" : "shop"}`), children: side.name === "merchant" ? `${sample.creator_name} @${sample.creator_handle}` : format.named({ name: sample.shop_name, name_en: sample.shop_name_en }) },
    { key: "kind", label: t("collab.column.kind"), children: `${t(`collab.kind.${sample.kind}`)} ${sample.pay_minor ? money(sample.pay_minor) : ""} ${sample.paid_at ? t("collab.is_paid") : ""}` },
    { key: "address", label: t("collab.address"), children: place || "–" },
    ...(sample.pitch ? [{ key: "pitch", label: t("collab.pitch"), children: sample.pitch }] : []),
    ...(parcel ? [{ key: "parcel", label: t("collab.parcel"), children: <span>{format.named({ name: parcel.carrier_name, name_en: parcel.carrier_name_en })} <span className="wb-mono">{parcel.tracking_no}</span> {parcel.delivered_at ? t("collab.arrived", { when: format.dateTime(parcel.delivered_at) }) : ""}</span> }] : []),
    ...(sample.publish_by ? [{ key: "by", label: t("collab.publish_by"), children: format.dateTime(sample.publish_by) }] : []),
    ...(sample.proof_link || sample.proof_id ? [{ key: "proof", label: t("collab.work"), children: <Proof sample={sample} /> }] : []),
    ...(sample.reason ? [{ key: "reason", label: t("collab.reason"), children: t(`collab.event.${sample.reason}`, { defaultValue: sample.reason }) }] : []),
  ];
  return (
    <>
      <p>
        <SampleTag state={sample.state} /> <NextStep side={side.name} waiting_for={sample.waiting_for} due_at={sample.due_at} />
      </p>
      {side.name === "merchant" && sample.flag !== "" && sample.state === "applied" && <Alert type="warning" showIcon title={t("collab.flag_help")} />}
      {sample.extension_days > 0 && <Tag color="warning">{t("collab.extension_asked", { days: sample.extension_days })}</Tag>}
      <Descriptions column={1} size="small" items={rows} />
      <Timeline events={sample.events} />
    </>
  );
}

function Proof({ sample }: { sample: SampleDetail }) {
  const { t } = useTranslation();
  const own = sample.proof_id ? `/${sample.proof_kind === "live" ? "live" : "v"}/${sample.proof_id}` : "";
  // A link that somebody else typed: shown whole, opened apart, told nothing of where it was clicked.
  const address = own || sample.proof_link;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {own ? t(`collab.proof.${sample.proof_kind}`) : sample.proof_link}
    </a>
  );
}
