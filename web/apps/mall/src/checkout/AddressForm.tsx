import { type Address, type AddressInput, ApiError } from "@xingqu/client";
import { useErrorText, useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { Field, Switch } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { useRegions, useSaveAddress } from "./addresses";

interface AddressFormProps {
  address: Address | null;
  onClose: () => void;
  onSaved: (address: Address) => void;
}

type Draft = Partial<AddressInput>;

const PHONE = /^1[3-9]\d{9}$/;

/** What is wrong with a draft, by field; empty when it can be sent. */
function check(draft: Draft): Partial<Record<keyof AddressInput, string>> {
  const wrong: Partial<Record<keyof AddressInput, string>> = {};
  if (!draft.recipient?.trim()) wrong.recipient = "recipient";
  if (!PHONE.test(draft.phone?.replace(/[\s-]/g, "") ?? "")) wrong.phone = "phone";
  if (!draft.province_id || !draft.city_id || !draft.district_id) wrong.district_id = "region";
  if ((draft.detail?.trim().length ?? 0) < 4) wrong.detail = "detail";
  return wrong;
}

export function AddressForm({ address, onClose, onSaved }: AddressFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const save = useSaveAddress();
  const [draft, setDraft] = useState<Draft>(() => (address ? { ...pickInput(address) } : { is_default: false }));
  const [tried, setTried] = useState(false);
  const wrong = tried ? check(draft) : {};
  const refused = save.error instanceof ApiError ? save.error : null;
  const fieldError = (field: keyof AddressInput) => {
    if (wrong[field]) return t(`address.wrong.${wrong[field]}`);
    const complaint = refused?.errors.find((error) => error.field.endsWith(field));
    return complaint?.message ?? (refused?.field?.endsWith(field) ? (refused.message ?? null) : null);
  };
  const change = (changes: Draft) => setDraft((before) => ({ ...before, ...changes }));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(check(draft)).length > 0) return;
    const body = { ...(draft as AddressInput), phone: draft.phone!.replace(/[\s-]/g, "") };
    save.mutate(address ? { ...body, id: address.id } : body, { onSuccess: onSaved });
  };
  return (
    <Sheet
      title={address ? t("address.edit") : t("address.new")}
      onClose={onClose}
      testId="address-form"
      footer={
        <button type="submit" form="address-form" className="button button-wide" disabled={save.isPending} data-testid="address-save">
          {t("common:actions.save")}
        </button>
      }
    >
      <form id="address-form" className="form" onSubmit={onSubmit} noValidate>
        {refused ? <p className="note note-bad" role="alert">{errorText(refused)}</p> : null}
        <Field label={t("address.recipient")} error={fieldError("recipient")}>
          <input name="recipient" autoComplete="name" maxLength={40} value={draft.recipient ?? ""} onChange={(event) => change({ recipient: event.target.value })} data-testid="address-recipient" />
        </Field>
        <Field label={t("address.phone")} error={fieldError("phone")}>
          <input name="phone" type="tel" autoComplete="tel" maxLength={20} value={draft.phone ?? ""} onChange={(event) => change({ phone: event.target.value })} data-testid="address-phone" />
        </Field>
        <RegionFields draft={draft} onChange={change} error={fieldError("district_id")} />
        <Field label={t("address.detail")} error={fieldError("detail")} hint={t("address.detail_hint")}>
          <textarea name="detail" rows={2} autoComplete="street-address" maxLength={120} value={draft.detail ?? ""} onChange={(event) => change({ detail: event.target.value })} data-testid="address-detail" />
        </Field>
        <div className="line-row">
          <span className="line-value">{t("address.default")}</span>
          <Switch checked={draft.is_default ?? false} onChange={(is_default) => change({ is_default })} label={t("address.default")} />
        </div>
      </form>
    </Sheet>
  );
}

function pickInput(address: Address): Draft {
  const { recipient, phone, province_id, city_id, district_id, detail, is_default, label } = address;
  return { recipient, phone, province_id, city_id, district_id, detail, is_default, label };
}

/** Province, city, district: each asks for the next. */
function RegionFields({ draft, onChange, error }: { draft: Draft; onChange: (changes: Draft) => void; error: string | null | undefined }) {
  const { t } = useTranslation();
  const provinces = useRegions(null);
  const cities = useRegions(draft.province_id ?? null, Boolean(draft.province_id));
  const districts = useRegions(draft.city_id ?? null, Boolean(draft.city_id));
  const levels = [
    { key: "province", value: draft.province_id, list: provinces, change: (id: number) => onChange({ province_id: id, city_id: undefined, district_id: undefined }), ready: true },
    { key: "city", value: draft.city_id, list: cities, change: (id: number) => onChange({ city_id: id, district_id: undefined }), ready: Boolean(draft.province_id) },
    { key: "district", value: draft.district_id, list: districts, change: (id: number) => onChange({ district_id: id }), ready: Boolean(draft.city_id) },
  ];
  return (
    <fieldset className={`field region-field${error ? " field-bad" : ""}`}>
      <legend className="field-label">{t("address.region")}</legend>
      <div className="region-selects">
        {levels.map((level) => (
          <select
            key={level.key}
            aria-label={t(`address.${level.key}`)}
            value={level.value ?? ""}
            disabled={!level.ready || level.list.isPending}
            onChange={(event) => level.change(Number(event.target.value))}
            data-testid={`address-${level.key}`}
          >
            <option value="" disabled>
              {level.ready && level.list.isPending ? t("common:loading") : t(`address.${level.key}`)}
            </option>
            {(level.list.data ?? []).map((region) => (
              <option key={region.id} value={region.id}>
                {region.name}
              </option>
            ))}
          </select>
        ))}
      </div>
      {error ? <span className="field-error" role="alert">{error}</span> : null}
    </fieldset>
  );
}
