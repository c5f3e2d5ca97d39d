import { FilterOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Badge, Button, Form, Input, InputNumber, Popover, Select, Space, Tag } from "antd";
import { Field, FieldGroup } from "../app/Field";
import { parseMoney } from "../format/money-input";
import { campaignText } from "./campaign";
import { FLAGS, type MoreFilters as Values, SURFACES, countMore } from "./filters";

interface MoreFiltersProps {
  values: Values;
  change: (part: Values) => void;
}

const NONE: Values = { min: undefined, max: undefined, noted: undefined, flag: undefined, source: undefined, product: undefined, creator: undefined, content: undefined, campaign: undefined, like: undefined };

/** Amount, notes, flag, source, product: behind one button, written to the address bar as they change. */
export function MoreFilters({ values, change }: MoreFiltersProps) {
  const { t } = useTranslation();
  const count = countMore(values);
  const amount = (name: "min" | "max", label: string) => (
    <Input
      prefix="¥"
      inputMode="decimal"
      defaultValue={values[name]}
      key={values[name] ?? ""}
      placeholder={label}
      aria-label={`${t("order_marks.amount")} ${label}`}
      status={values[name] && !parseMoney(values[name]).ok ? "error" : ""}
      onBlur={(event) => change({ [name]: event.target.value.trim() || undefined })}
      onPressEnter={(event) => change({ [name]: event.currentTarget.value.trim() || undefined })}
      data-testid={`orders-${name}`}
    />
  );
  const choose = (name: "noted" | "flag" | "source", options: { value: string; label: string }[]) => (
    <Select allowClear value={values[name] ?? null} placeholder={t("order_marks.any")} options={options} onChange={(value) => change({ [name]: value ?? undefined })} data-testid={`orders-${name}`} />
  );
  const form = (
    <Form layout="vertical" className="wb-popover">
      <FieldGroup label={t("order_marks.amount")}>
        <Space.Compact block>
          {amount("min", t("order_marks.at_least"))}
          {amount("max", t("order_marks.at_most"))}
        </Space.Compact>
      </FieldGroup>
      <Field label={t("order_marks.note")}>
        {choose("noted", [
          { value: "yes", label: t("order_marks.with_note") },
          { value: "no", label: t("order_marks.without_note") },
        ])}
      </Field>
      <Field label={t("order_marks.flag")}>
        {choose("flag", [{ value: "any", label: t("order_marks.any_flag") }, ...FLAGS.map((flag) => ({ value: flag, label: t(`order_marks.colour.${flag}`) }))])}
      </Field>
      <Field label={t("order_marks.source")}>{choose("source", SURFACES.map((surface) => ({ value: surface, label: t(`order_marks.surface.${surface}`) })))}</Field>
      {(["product", "creator", "content"] as const).map((name) => (
        <Field key={name} label={t(`order_marks.${name}`)}>
          <InputNumber min={1} precision={0} controls={false} value={values[name] ?? null} onChange={(id) => change({ [name]: id ?? undefined })} data-testid={`orders-${name}`} />
        </Field>
      ))}
      <Button block disabled={count === 0} onClick={() => change(NONE)}>
        {t("order_marks.clear")}
      </Button>
    </Form>
  );
  return (
    <>
      <Popover content={form} trigger="click" placement="bottomLeft">
        <Button icon={<FilterOutlined />} data-testid="orders-more">
          {t("order_marks.more")} <Badge count={count} size="small" />
        </Button>
      </Popover>
      {values.campaign && (
        <Tag closable onClose={() => change({ campaign: undefined })}>
          {campaignText(t, values.campaign)}
        </Tag>
      )}
      {values.like && (
        <Tag closable onClose={() => change({ like: undefined })}>
          {t("order_marks.buyer_of", { number: values.like })}
        </Tag>
      )}
    </>
  );
}
