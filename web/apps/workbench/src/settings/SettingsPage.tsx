import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Input, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get, patch } from "../api/http";
import type { Organisation } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import { useLeaveGuard } from "../app/leave-guard";
import { mayEdit } from "../app/rooms";
import { SESSION_KEY, useShop } from "../app/session";
import { FreightSettings } from "./FreightSettings";

export const SHOP_NAME_LENGTH = { min: 2, max: 40 };
export const SHOP_DESCRIPTION_LENGTH = 120;

export default function SettingsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const organisation = useQuery({
    queryKey: ["organisation", shop.id],
    queryFn: ({ signal }) => get<Organisation>(`/organisations/${shop.id}`, undefined, signal),
  });
  return (
    <div className="wb-page wb-narrow">
      <PageHead
        title={t("rooms.settings")}
        actions={
          shop.kind === "merchant" && <Link to={`/shops/${shop.id}/qualification`} data-testid="to-qualification">
            <Button>{t("onboarding.title")}</Button>
          </Link>
        }
      />
      {organisation.isPending && <Skeleton active paragraph={{ rows: 5 }} className="wb-panel" />}
      {organisation.isError && <ErrorView error={organisation.error} onRetry={() => void organisation.refetch()} />}
      {organisation.data && <SettingsForm key={shop.id} organisation={organisation.data} />}
      {shop.kind === "merchant" && <FreightSettings key={`freight-${shop.id}`} />}
    </div>
  );
}

function SettingsForm({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [name, setName] = useState(organisation.name);
  const [description, setDescription] = useState(organisation.description);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const dirty = name !== organisation.name || description !== organisation.description;
  const short = name.trim().length < SHOP_NAME_LENGTH.min;
  useLeaveGuard(dirty);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const saved = await patch<Organisation>(`/organisations/${organisation.id}`, { name: name.trim(), description: description.trim() });
      client.setQueryData(["organisation", organisation.id], saved);
      setName(saved.name);
      setDescription(saved.description);
      await client.invalidateQueries({ queryKey: SESSION_KEY });
      void message.success(t("settings.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const agency = shop.kind !== "merchant";
  const nameReason = reasons.get("name") ?? (short ? t("settings.name_short", { count: SHOP_NAME_LENGTH.min }) : undefined);
  return (
    <Card className="wb-section" title={t(agency ? "settings.agency" : "settings.shop")}>
      <Form layout="vertical" onFinish={() => void save()} disabled={!mayEdit(shop.permissions, "settings")}>
        <Form.Item
          label={t(agency ? "settings.agency_name" : "settings.name")}
          htmlFor="shop-name"
          required
          {...(nameReason ? { validateStatus: "error" as const, help: nameReason } : { extra: t(agency ? "settings.agency_name_help" : "settings.name_help") })}
        >
          <Input id="shop-name" value={name} count={{ show: true, max: SHOP_NAME_LENGTH.max }} maxLength={SHOP_NAME_LENGTH.max} onChange={(event) => setName(event.target.value)} data-testid="shop-name" />
        </Form.Item>
        <Form.Item
          label={t(agency ? "settings.agency_description" : "settings.description")}
          htmlFor="shop-description"
          {...(reasons.get("description") ? { validateStatus: "error" as const, help: reasons.get("description") } : { extra: t(agency ? "settings.agency_description_help" : "settings.description_help") })}
        >
          <Input.TextArea id="shop-description" value={description} maxLength={SHOP_DESCRIPTION_LENGTH} autoSize={{ minRows: 3, maxRows: 6 }} onChange={(event) => setDescription(event.target.value)} />
        </Form.Item>
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" htmlType="submit" loading={busy} disabled={!dirty || short} data-testid="settings-save">
          {t("actions.save")}
        </Button>
      </Form>
    </Card>
  );
}
