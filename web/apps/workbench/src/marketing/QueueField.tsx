import { useTranslation } from "@xingqu/i18n";
import { InputNumber, Space, Switch } from "antd";
import { Labelled } from "./CreateDialog";

export interface Queue {
  per_second: number;
  ticket_s: number;
  shuffle_s: number;
}

const USUAL: Queue = { per_second: 20, ticket_s: 300, shuffle_s: 5 };
const LIMITS = { per_second: [1, 10_000], ticket_s: [30, 3_600], shuffle_s: [0, 120] } as const;

/** Whether buyers queue for the sale, how fast they are let in and for how long. */
export function QueueField({ value, onChange }: { value: Queue | null; onChange: (queue: Queue | null) => void }) {
  const { t } = useTranslation();
  return (
    <Labelled name="queue" label={t("marketing.field.queue")} problem={null}>
      <Space wrap>
        <Switch id="programme-queue" checked={value !== null} onChange={(on) => onChange(on ? USUAL : null)} data-testid="flash-queue" />
        {value &&
          (Object.keys(LIMITS) as (keyof Queue)[]).map((name) => (
            <InputNumber
              key={name}
              aria-label={t(`marketing.field.${name}`)}
              prefix={t(`marketing.field.${name}`)}
              min={LIMITS[name][0]}
              max={LIMITS[name][1]}
              precision={0}
              value={value[name]}
              onChange={(number) => onChange({ ...value, [name]: number ?? USUAL[name] })}
              data-testid={`flash-${name}`}
            />
          ))}
        <small className="wb-muted">{t("marketing.queue_help")}</small>
      </Space>
    </Labelled>
  );
}
