import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Form, Input, Radio, Skeleton } from "antd";
import { useState } from "react";
import type { ShopDocument, ShopQualification } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { FieldGroup } from "../app/Field";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { DocumentPicker } from "./DocumentPicker";
import { useQualification, useQualificationActions } from "./queries";
import { DOCUMENT_KINDS, type Typed, missingDocuments, wrongFields } from "./rules";

const COLOUR = { unsubmitted: "info", waiting: "info", rejected: "error", approved: "success" } as const;
const AUTOFILL = { legal_name: "organization", licence_no: "off", licence_until: "off", contact_name: "name", contact_phone: "tel" } as const;

/** The shop's papers: what to hand in, where it stands, and what was wrong by field. */
export default function QualificationPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const found = useQualification(shop.id);
  return (
    <div className="wb-page wb-narrow">
      <PageHead title={t("onboarding.title")} note={<span className="wb-muted">{t("onboarding.note")}</span>} />
      {found.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Papers key={`${shop.id}-${found.data.application?.id ?? 0}-${found.data.application?.state ?? ""}`} shopId={shop.id} found={found.data} />}
    </div>
  );
}

function Papers({ shopId, found }: { shopId: number; found: ShopQualification }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { withdraw } = useQualificationActions(shopId);
  const [busy, setBusy] = useState(false);
  const waits = found.application?.state === "waiting";
  const takeBack = async () => {
    setBusy(true);
    try {
      await withdraw();
      void message.success(t("onboarding.withdrawn"));
    } catch (error) {
      void message.error(errorText(t, error));
      setBusy(false);
    }
  };
  return (
    <>
      <Alert
        type={COLOUR[found.state]}
        showIcon
        data-testid={`qualification-${found.state}`}
        title={t(`onboarding.state.${found.state}`)}
        description={t(found.needs_operator ? `onboarding.state_help.${found.state}` : "onboarding.automatic")}
        action={
          waits && (
            <Button size="small" loading={busy} onClick={() => void takeBack()} data-testid="qualification-withdraw">
              {t("onboarding.withdraw")}
            </Button>
          )
        }
      />
      {found.state === "approved" && waits && <Alert type="info" showIcon title={t("onboarding.change_waits")} />}
      {found.state === "approved" && found.application?.state === "rejected" && <Alert type="error" showIcon title={t("onboarding.change_rejected")} />}
      <PapersForm shopId={shopId} found={found} locked={waits} />
    </>
  );
}

function PapersForm({ shopId, found, locked }: { shopId: number; found: ShopQualification; locked: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { submit } = useQualificationActions(shopId);
  const last = found.application;
  const [kind, setKind] = useState(last?.kind ?? "company");
  const [typed, setTyped] = useState<Typed>({
    legal_name: last?.legal_name ?? "",
    licence_no: last?.licence_no ?? "",
    licence_until: last?.licence_until ?? "",
    contact_name: last?.contact_name ?? "",
    contact_phone: last?.contact_phone ?? "",
  });
  const [documents, setDocuments] = useState<ShopDocument[]>(last?.documents ?? []);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = last?.state === "rejected" ? last.reasons : {};
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const wrong = wrongFields(typed, today);
  const missing = missingDocuments(documents);
  const send = async () => {
    setTried(true);
    if (busy || wrong.length > 0 || missing.length > 0) return;
    setBusy(true);
    setRefusal(null);
    try {
      await submit({ kind, ...typed, licence_until: typed.licence_until || null, document_ids: documents.map((one) => one.id) });
      void message.success(t("onboarding.sent"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const help = (field: string, isWrong: boolean) => {
    if (tried && isWrong) return { validateStatus: "error" as const, help: t(`onboarding.wrong.${field}`) };
    const reason = reasons[field];
    return reason ? { validateStatus: "warning" as const, help: t("onboarding.sent_back", { reason }) } : {};
  };
  return (
    <Form layout="vertical" className="wb-panel" disabled={locked} onFinish={() => void send()} data-testid="qualification-form">
      <FieldGroup label={t("onboarding.field.kind")} {...help("kind", false)}>
        <Radio.Group value={kind} onChange={(event) => setKind(event.target.value as typeof kind)} options={(["company", "individual"] as const).map((value) => ({ value, label: t(`onboarding.kind.${value}`) }))} />
      </FieldGroup>
      {(Object.keys(typed) as (keyof Typed)[]).map((field) => (
        <Form.Item key={field} label={t(`onboarding.field.${field}`)} htmlFor={`papers-${field}`} required={field !== "licence_until"} {...help(field, wrong.includes(field))}>
          <Input
            id={`papers-${field}`}
            type={field === "licence_until" ? "date" : field === "contact_phone" ? "tel" : "text"}
            autoComplete={AUTOFILL[field]}
            value={typed[field]}
            maxLength={field === "licence_no" ? 18 : field === "legal_name" ? 120 : 40}
            onChange={(event) => setTyped((now) => ({ ...now, [field]: event.target.value }))}
            data-testid={`papers-${field}`}
          />
        </Form.Item>
      ))}
      {DOCUMENT_KINDS.map((each) => (
        <FieldGroup key={each} label={t(`onboarding.field.${each}`)} required={each !== "other"} {...help(each, missing.includes(each))}>
          <DocumentPicker shopId={shopId} kind={each} locked={locked} documents={documents} onChange={setDocuments} />
        </FieldGroup>
      ))}
      <p className="wb-muted">{t("onboarding.private")}</p>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      {!locked && (
        <Button type="primary" htmlType="submit" loading={busy} data-testid="qualification-submit">
          {t(last ? "onboarding.submit_again" : "onboarding.submit")}
        </Button>
      )}
    </Form>
  );
}
