import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Checkbox, Drawer, Form, Input, Segmented, Select, Switch } from "antd";
import { useState } from "react";
import type { FreightTemplate } from "../api/types";
import { Field, FieldGroup } from "../app/Field";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { RegionSelect } from "./RegionSelect";
import { useLogistics } from "./queries";
import { NEW_ZONE, type TypedTemplate, type TypedZone, templateProblem, typedFrom, zoneOf } from "./zones";

const EMPTY: TypedTemplate = { name: "", by: "piece", is_default: false, zones: [NEW_ZONE] };

/** The editor of a freight template: everywhere else first, then the regions with a rule of their own. */
export function TemplateDrawer({ template, onClose }: { template: FreightTemplate | null; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const logistics = useLogistics(shop.id);
  const { message } = App.useApp();
  const [typed, setTyped] = useState<TypedTemplate>(() => (template ? typedFrom(template) : EMPTY));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const problem = templateProblem(typed);
  const change = (place: number, changes: Partial<TypedZone>) =>
    setTyped((now) => ({ ...now, zones: now.zones.map((zone, index) => (index === place ? { ...zone, ...changes } : zone)) }));
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const zones = typed.zones.map((zone) => zoneOf(zone, typed.by));
      await logistics.saveTemplate({ name: typed.name.trim(), by: typed.by, is_default: typed.is_default, zones }, template);
      void message.success(t("settings.saved"));
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer
      open
      onClose={onClose}
      size={720}
      title={template ? template.name : t("logistics.new_template")}
      footer={
        <div className="wb-row-between">
          <span className="wb-muted">{problem && t(`logistics.problem.${problem}`)}</span>
          <Button type="primary" loading={busy} disabled={problem !== null} onClick={() => void save()} data-testid="template-save">
            {t("actions.save")}
          </Button>
        </div>
      }
    >
      <Form layout="vertical">
        <Form.Item label={t("logistics.name")} htmlFor="template-name" required>
          <Input id="template-name" data-testid="template-name" value={typed.name} maxLength={40} onChange={(event) => setTyped({ ...typed, name: event.target.value })} />
        </Form.Item>
        <FieldGroup label={t("logistics.by")}>
          <Segmented<TypedTemplate["by"]>
            value={typed.by}
            onChange={(by) => setTyped({ ...typed, by })}
            options={[
              { value: "piece", label: t("logistics.by_piece") },
              { value: "weight", label: t("logistics.by_weight") },
            ]}
          />
        </FieldGroup>
        <Form.Item>
          <Checkbox checked={typed.is_default} onChange={(event) => setTyped({ ...typed, is_default: event.target.checked })}>
            {t("logistics.is_default")}
          </Checkbox>
        </Form.Item>
        {typed.zones.map((zone, place) => (
          <ZoneCard
            key={place}
            zone={zone}
            by={typed.by}
            rest={place === 0}
            taken={typed.zones.filter((_, index) => index !== place).flatMap((other) => other.region_ids)}
            onChange={(changes) => change(place, changes)}
            onRemove={() => setTyped({ ...typed, zones: typed.zones.filter((_, index) => index !== place) })}
          />
        ))}
        <Button icon={<PlusOutlined />} onClick={() => setTyped({ ...typed, zones: [...typed.zones, NEW_ZONE] })} data-testid="zone-add">
          {t("logistics.add_zone")}
        </Button>
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Drawer>
  );
}

interface ZoneProps {
  zone: TypedZone;
  by: TypedTemplate["by"];
  rest: boolean;
  taken: number[];
  onChange: (changes: Partial<TypedZone>) => void;
  onRemove: () => void;
}

const FIELDS = ["first_units", "first", "extra_units", "extra", "free_from", "free_from_units"] as const;

function ZoneCard({ zone, by, rest, taken, onChange, onRemove }: ZoneProps) {
  const { t } = useTranslation();
  const unit = t(`logistics.unit_${by}`);
  return (
    <Card
      size="small"
      className="wb-section"
      title={rest ? t("logistics.everywhere_else") : <RegionSelect value={zone.region_ids} taken={taken} onChange={(region_ids) => onChange({ region_ids })} />}
      extra={rest ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t("logistics.remove_zone")} onClick={onRemove} />}
    >
      <Field label={t("logistics.delivers")}>
        <Switch checked={zone.refused === null} onChange={(delivers) => onChange({ refused: delivers ? null : t("logistics.refused_usual") })} aria-label={t("logistics.delivers")} />
      </Field>
      {zone.refused === null ? (
        <div className="wb-columns">
          {FIELDS.map((name) => (
            <Field key={name} label={t(`logistics.zone.${name}`, { unit })}>
              <Input
                inputMode="decimal"
                maxLength={10}
                value={zone[name]}
                aria-label={t(`logistics.zone.${name}`, { unit })}
                suffix={name.endsWith("units") ? unit : "¥"}
                placeholder={name.startsWith("free") ? t("logistics.none") : ""}
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      ) : (
        <Field label={t("logistics.refused")}>
          <Input value={zone.refused} maxLength={60} onChange={(event) => onChange({ refused: event.target.value })} />
        </Field>
      )}
    </Card>
  );
}

export function TemplateSelect({ templates, value, onChange }: { templates: FreightTemplate[]; value: number | null; onChange: (id: number | null) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      value={value ?? 0}
      style={{ minWidth: 160 }}
      aria-label={t("logistics.template")}
      onChange={(id: number) => onChange(id === 0 ? null : id)}
      options={[{ value: 0, label: t("logistics.shops_default") }, ...templates.map((one) => ({ value: one.id, label: one.name }))]}
    />
  );
}
