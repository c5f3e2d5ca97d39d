import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Form, Input, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { get, post } from "../api/http";
import type { Organisation, Session } from "../api/types";
import { SignedIn } from "../app/Gate";
import { errorText, fieldReasons } from "../app/errors";
import { SESSION_KEY } from "../app/session";
import { SHOP_DESCRIPTION_LENGTH, SHOP_NAME_LENGTH } from "./SettingsPage";

/** From signed-up person to shop owner. */
export default function OpenShopPage() {
  return <SignedIn>{(session) => <OpenShop session={session} />}</SignedIn>;
}

function OpenShop({ session }: { session: Session }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const open = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const shop = await post<Organisation>("/organisations", { kind: "merchant", name: name.trim(), description: description.trim() });
      await client.fetchQuery({ queryKey: SESSION_KEY, queryFn: () => get<Session>("/session"), staleTime: 0 });
      await navigate(`/shops/${shop.id}/today`, { replace: true });
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <main className="wb-gate">
      <Card>
        <span className="wb-brand-mark wb-brand-mark-large" aria-hidden>
          趣
        </span>
        <Typography.Title level={1} className="wb-page-title">
          {t("settings.open_title")}
        </Typography.Title>
        <p className="wb-muted">{t("settings.open_help", { name: session.person?.display_name })}</p>
        <Form layout="vertical" onFinish={() => void open()}>
          <Form.Item
            label={t("settings.name")}
            htmlFor="shop-name"
            required
            {...(reasons.get("name") ? { validateStatus: "error" as const, help: reasons.get("name") } : { extra: t("settings.name_help") })}
          >
            <Input id="shop-name" size="large" value={name} count={{ show: true, max: SHOP_NAME_LENGTH.max }} maxLength={SHOP_NAME_LENGTH.max} onChange={(event) => setName(event.target.value)} data-testid="shop-name" />
          </Form.Item>
          <Form.Item label={t("settings.description")} htmlFor="shop-description" extra={t("settings.description_help")}>
            <Input.TextArea id="shop-description" value={description} maxLength={SHOP_DESCRIPTION_LENGTH} autoSize={{ minRows: 2 }} onChange={(event) => setDescription(event.target.value)} />
          </Form.Item>
          {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
          <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={name.trim().length < SHOP_NAME_LENGTH.min} data-testid="shop-open">
            {t("settings.open")}
          </Button>
        </Form>
        {session.organisations.length > 0 && (
          <Button type="link" block onClick={() => void navigate("/")}>
            {t("settings.to_my_shops")}
          </Button>
        )}
      </Card>
    </main>
  );
}
