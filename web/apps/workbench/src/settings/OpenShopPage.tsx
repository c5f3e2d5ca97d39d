import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Form, Input, Segmented, Typography } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { get, post } from "../api/http";
import type { Organisation, Session } from "../api/types";
import { SignedIn } from "../app/Gate";
import { errorText, fieldReasons } from "../app/errors";
import { SESSION_KEY } from "../app/session";
import { BecomeCreator } from "../creator-home/BecomeCreator";
import { SHOP_DESCRIPTION_LENGTH, SHOP_NAME_LENGTH } from "./SettingsPage";

type Opened = "merchant" | "creator" | "mcn";
const KINDS: readonly Opened[] = ["merchant", "creator", "mcn"];

/** From signed-up person to shop owner, creator or head of an agency. */
export default function OpenShopPage() {
  return <SignedIn>{(session) => <Open session={session} />}</SignedIn>;
}

function Open({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const kind = KINDS.find((each) => each === query.get("kind")) ?? "merchant";
  const finish = useEnter();
  return (
    <main className="wb-gate">
      <Card>
        <span className="wb-brand-mark wb-brand-mark-large" aria-hidden>
          趣
        </span>
        <Segmented<Opened>
          block
          aria-label={t("settings.kind")}
          value={kind}
          onChange={(next) => setQuery({ kind: next }, { replace: true })}
          options={KINDS.map((each) => ({ value: each, label: <span data-testid={`open-kind-${each}`}>{t(`kinds.${each}`)}</span> }))}
        />
        {kind === "creator" ? <BecomeCreator session={session} onDone={finish} /> : <OpenNamed key={kind} kind={kind} session={session} onDone={finish} />}
        {session.organisations.length > 0 && (
          <Button type="link" block onClick={() => void navigate("/")}>
            {t("settings.to_my_shops")}
          </Button>
        )}
      </Card>
    </main>
  );
}

/** Reads the session anew and goes to the new workplace's home. */
function useEnter() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (place: Organisation) => {
    await client.fetchQuery({ queryKey: SESSION_KEY, queryFn: () => get<Session>("/session"), staleTime: 0 });
    await navigate(`/shops/${place.id}/today`, { replace: true });
  };
}

interface OpenNamedProps {
  kind: "merchant" | "mcn";
  session: Session;
  onDone: (place: Organisation) => Promise<void>;
}

/** A shop or an agency: a name and a sentence. */
function OpenNamed({ kind, session, onDone }: OpenNamedProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const shop = kind === "merchant";
  const open = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await onDone(await post<Organisation>("/organisations", { kind, name: name.trim(), description: description.trim() }));
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <>
      <Typography.Title level={1} className="wb-page-title">
        {t(shop ? "settings.open_title" : "settings.agency_title")}
      </Typography.Title>
      <p className="wb-muted">{t(shop ? "settings.open_help" : "settings.agency_help", { name: session.person?.display_name })}</p>
      <Form layout="vertical" onFinish={() => void open()}>
        <Form.Item
          label={t(shop ? "settings.name" : "settings.agency_name")}
          htmlFor="shop-name"
          required
          {...(reasons.get("name") ? { validateStatus: "error" as const, help: reasons.get("name") } : { extra: t(shop ? "settings.name_help" : "settings.agency_name_help") })}
        >
          <Input id="shop-name" size="large" value={name} count={{ show: true, max: SHOP_NAME_LENGTH.max }} maxLength={SHOP_NAME_LENGTH.max} onChange={(event) => setName(event.target.value)} data-testid="shop-name" />
        </Form.Item>
        <Form.Item label={t("settings.description")} htmlFor="shop-description" extra={t("settings.description_help")}>
          <Input.TextArea id="shop-description" value={description} maxLength={SHOP_DESCRIPTION_LENGTH} autoSize={{ minRows: 2 }} onChange={(event) => setDescription(event.target.value)} />
        </Form.Item>
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={name.trim().length < SHOP_NAME_LENGTH.min} data-testid="shop-open">
          {t(shop ? "settings.open" : "settings.agency_open")}
        </Button>
      </Form>
    </>
  );
}
