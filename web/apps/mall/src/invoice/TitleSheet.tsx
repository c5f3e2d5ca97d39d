import type { InvoiceTitle, InvoiceTitleInput } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Field } from "../kit/basics";
import { Segments } from "../kit/Segments";
import { Sheet } from "../kit/Sheet";
import { SkeletonRows } from "../kit/states";
import { useReport } from "../kit/useReport";
import { useRemoveTitle, useSaveTitle, useTitles } from "./queries";
import { isCreditCode } from "./titles";

interface TitleSheetProps {
  chosenId: number | null;
  onChoose: (title: InvoiceTitle) => void;
  onNone?: () => void;
  onClose: () => void;
}

/** The book of invoice titles: choose one, or write a new one. */
export function TitleSheet({ chosenId, onChoose, onNone, onClose }: TitleSheetProps) {
  const { t } = useTranslation();
  const report = useReport();
  const titles = useTitles(true);
  const remove = useRemoveTitle();
  const [writing, setWriting] = useState(false);
  if (writing || titles.data?.length === 0) return <TitleForm onSaved={onChoose} onClose={onClose} />;
  return (
    <Sheet
      title={t("invoice.title")}
      onClose={onClose}
      testId="invoice-titles"
      footer={
        <div className="buy-bar">
          {onNone ? (
            <button type="button" className="button button-second" onClick={onNone} data-testid="invoice-none">
              {t("invoice.none")}
            </button>
          ) : null}
          <button type="button" className="button" onClick={() => setWriting(true)} data-testid="invoice-new-title">
            {t("invoice.new_title")}
          </button>
        </div>
      }
    >
      {titles.isPending ? <SkeletonRows count={2} /> : null}
      <ul className="address-list">
        {titles.data?.map((title) => (
          <li key={title.id} className="card">
            <button type="button" className="line-row" aria-pressed={title.id === chosenId} aria-label={title.name} onClick={() => onChoose(title)} data-testid="invoice-title">
              <span className="line-value">
                <b>{title.name}</b>
                <small className="muted">{title.kind === "company" ? title.tax_no : t("invoice.personal")}</small>
              </span>
            </button>
            <button type="button" className="text-button" onClick={() => remove.mutate(title.id, { onError: report })}>
              {t("common:actions.delete")}
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

const EMPTY: InvoiceTitleInput = { kind: "personal", name: "", tax_no: "", address: "", phone: "", bank: "", account: "", is_default: false };

function TitleForm({ onSaved, onClose }: { onSaved: (title: InvoiceTitle) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const report = useReport();
  const save = useSaveTitle();
  const [form, setForm] = useState({ ...EMPTY, name: t("invoice.personal") });
  const isCompany = form.kind === "company";
  const badNumber = isCompany && (form.tax_no ?? "") !== "" && !isCreditCode(form.tax_no ?? "");
  const ready = form.name.trim() !== "" && (!isCompany || isCreditCode(form.tax_no ?? ""));
  const field = (name: "name" | "tax_no" | "address" | "phone" | "bank" | "account", most: number) => (
    <Field label={t(`invoice.field.${name}`)} error={name === "tax_no" && badNumber ? t("invoice.bad_number") : null}>
      <input value={form[name]} maxLength={most} autoComplete="off" onChange={(event) => setForm({ ...form, [name]: event.target.value })} data-testid={`invoice-${name}`} />
    </Field>
  );
  const send = () =>
    save.mutate(form, {
      onSuccess: (titles) => onSaved(titles.reduce((newest, title) => (title.id > newest.id ? title : newest))),
      onError: report,
    });
  return (
    <Sheet
      title={t("invoice.new_title")}
      onClose={onClose}
      testId="invoice-title-form"
      footer={
        <button type="button" className="button button-wide" disabled={!ready || save.isPending} onClick={send} data-testid="invoice-title-save">
          {t("common:actions.save")}
        </button>
      }
    >
      <Segments
        label={t("invoice.kind")}
        value={form.kind}
        items={(["personal", "company"] as const).map((key) => ({ key, label: t(`invoice.${key}`) }))}
        onChange={(kind: InvoiceTitleInput["kind"]) => setForm({ ...form, kind, name: kind === "personal" ? t("invoice.personal") : "" })}
      />
      {field("name", 100)}
      {isCompany ? (
        <>
          {field("tax_no", 18)}
          {field("address", 120)}
          {field("phone", 20)}
          {field("bank", 60)}
          {field("account", 40)}
        </>
      ) : null}
    </Sheet>
  );
}
