import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Form, Input, Select } from "antd";
import type { CategoryAttribute } from "../api/types";
import { CategoryPicker } from "./CategoryPicker";
import { NAME_LENGTH, PROMISES } from "./product-form";
import { useCategoryAttributes } from "./queries";
import type { ProductEditor } from "./use-product-editor";

interface SectionProps {
  editor: ProductEditor;
  reasons: Map<string, string>;
}

/** A field's label, help and its reason when refused. */
export function field(reasons: Map<string, string>, name: string, help?: string) {
  const reason = reasons.get(name);
  return reason ? { validateStatus: "error" as const, help: reason } : { ...(help ? { extra: help } : {}) };
}

export function BasicsSection({ editor, reasons }: SectionProps) {
  const { t } = useTranslation();
  const { form, change } = editor;
  return (
    <Card title={t("products.section.basics")} className="wb-section">
      <Form layout="vertical" component="div">
        <Form.Item label={t("products.field.name")} htmlFor="product-name" required {...field(reasons, "name", t("products.help.name"))}>
          <Input
            id="product-name"
            data-testid="product-name"
            value={form.name}
            count={{ show: true, max: NAME_LENGTH.max }}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Form.Item>
        <div className="wb-columns">
          <Form.Item label={t("products.field.category")} htmlFor="product-category" required {...field(reasons, "category_id")}>
            <CategoryPicker id="product-category" value={form.category_id} onChange={(id) => change({ category_id: id ?? null })} />
          </Form.Item>
          <Form.Item
            label={t("products.field.short_name")}
            htmlFor="product-short-name"
            {...field(reasons, "short_name", t("products.help.short_name"))}
          >
            <Input
              id="product-short-name"
              value={form.short_name}
              count={{ show: true, max: 30 }}
              onChange={(event) => change({ short_name: event.target.value })}
            />
          </Form.Item>
        </div>
        <Form.Item label={t("products.field.brief")} htmlFor="product-brief" {...field(reasons, "brief", t("products.help.brief"))}>
          <Input
            id="product-brief"
            value={form.brief}
            count={{ show: true, max: 120 }}
            onChange={(event) => change({ brief: event.target.value })}
          />
        </Form.Item>
        <div className="wb-columns">
          <Form.Item label={t("products.field.brand")} htmlFor="product-brand" {...field(reasons, "brand")}>
            <Input id="product-brand" value={form.brand} maxLength={60} onChange={(event) => change({ brand: event.target.value })} />
          </Form.Item>
          <Form.Item label={t("products.field.unit")} htmlFor="product-unit" {...field(reasons, "unit")}>
            <Input id="product-unit" value={form.unit} maxLength={8} onChange={(event) => change({ unit: event.target.value })} />
          </Form.Item>
        </div>
        <Attributes editor={editor} reasons={reasons} />
        <div className="wb-columns">
          <Form.Item
            label={t("products.field.stated_tags")}
            htmlFor="product-tags"
            {...field(reasons, "stated_tags", t("products.help.stated_tags"))}
          >
            <Select
              id="product-tags"
              mode="tags"
              value={form.stated_tags}
              maxCount={10}
              tokenSeparators={[",", "，", " "]}
              onChange={(stated_tags: string[]) => change({ stated_tags })}
              placeholder={t("products.tags_example")}
              open={false}
              suffixIcon={null}
            />
          </Form.Item>
          <Form.Item label={t("products.field.promises")} htmlFor="product-promises" {...field(reasons, "promises")}>
            <Select
              id="product-promises"
              mode="multiple"
              value={form.promises}
              onChange={(promises: string[]) => change({ promises })}
              options={[...new Set([...PROMISES, ...form.promises])].map((code) => ({
                value: code,
                label: t(`products.promise.${code}`, { defaultValue: code }),
              }))}
            />
          </Form.Item>
        </div>
      </Form>
    </Card>
  );
}

/** What the category asks for, then whatever else the product states. */
function Attributes({ editor, reasons }: SectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { form, change } = editor;
  const asked = useCategoryAttributes(form.category_id);
  const rows = asked.data ?? [];
  if (rows.length === 0) return null;
  const valueOf = (name: string) => form.attributes.find((row) => row.name === name)?.value ?? "";
  const setValue = (name: string, value: string) =>
    change({
      attributes: form.attributes.some((row) => row.name === name)
        ? form.attributes.map((row) => (row.name === name ? { name, value } : row))
        : [...form.attributes, { name, value }],
    });
  return (
    <div className="wb-attributes" role="group" aria-label={t("products.field.attributes")}>
      {rows.map((attribute) => (
        <Form.Item
          key={attribute.id}
          label={format.named(attribute)}
          htmlFor={`attribute-${attribute.id}`}
          required={attribute.required}
          {...field(reasons, `attributes.${attribute.name}`)}
        >
          <AttributeInput attribute={attribute} value={valueOf(attribute.name)} onChange={(value) => setValue(attribute.name, value)} />
        </Form.Item>
      ))}
    </div>
  );
}

interface AttributeInputProps {
  attribute: CategoryAttribute;
  value: string;
  onChange: (value: string) => void;
}

function AttributeInput({ attribute, value, onChange }: AttributeInputProps) {
  const id = `attribute-${attribute.id}`;
  if (attribute.choices.length > 0) {
    return (
      <Select
        id={id}
        value={value || undefined}
        allowClear={!attribute.required}
        onChange={(next?: string) => onChange(next ?? "")}
        options={attribute.choices.map((choice) => ({ value: choice, label: choice }))}
      />
    );
  }
  return <Input id={id} value={value} maxLength={400} inputMode={attribute.type === "number" ? "decimal" : "text"} onChange={(event) => onChange(event.target.value)} />;
}
