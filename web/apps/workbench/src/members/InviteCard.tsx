import { CopyOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Input, Select, Space, Tag } from "antd";
import { useState } from "react";
import { get, post, remove } from "../api/http";
import type { Invitation, Page } from "../api/types";
import { errorText, fieldReasons } from "../app/errors";
import { useLanguage } from "../app/language";
import { roleOf, useRoleOptions } from "./roles";

const COLOUR = { waiting: "processing", accepted: "success", declined: "default", revoked: "default", expired: "warning" } as const;
const CONTACT = /^([^@\s]+@[^@\s]+\.[^@\s]+|\+?\d{6,15})$/;

/** Somebody is asked to join; they become a member when they say yes. */
export function InviteCard({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { language } = useLanguage();
  const options = useRoleOptions(shopId);
  const [contact, setContact] = useState("");
  const [wanted, setRole] = useState("");
  // The least of the roles, until another is chosen.
  const role = wanted || options.filter((option) => !option.value.startsWith("own:")).at(-1)?.value || "";
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(`/organisations/${shopId}/invitations`, { contact: contact.trim(), ...roleOf(role), language });
      void message.success(t("members.invited"));
      setContact("");
      await client.invalidateQueries({ queryKey: ["invitations", shopId] });
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card className="wb-section" title={t("members.invite")}>
      <Form layout="vertical" onFinish={() => void send()}>
        <div className="wb-columns wb-columns-end">
          <Form.Item
            label={t("members.contact")}
            htmlFor="member-email"
            {...(reasons.get("contact") ? { validateStatus: "error" as const, help: reasons.get("contact") } : { extra: t("members.contact_help") })}
          >
            <Input id="member-email" value={contact} onChange={(event) => setContact(event.target.value)} data-testid="member-email" />
          </Form.Item>
          <Form.Item label={t("members.role")} htmlFor="member-role">
            <Select id="member-role" value={role} onChange={setRole} options={options} data-testid="member-role" />
          </Form.Item>
        </div>
        {refusal !== null && !reasons.has("contact") && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" htmlType="submit" icon={<PlusOutlined />} loading={busy} disabled={!CONTACT.test(contact.trim())} data-testid="member-add">
          {t("members.invite")}
        </Button>
      </Form>
      <Invitations shopId={shopId} />
    </Card>
  );
}

function Invitations({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const address = `/organisations/${shopId}/invitations`;
  const invitations = useQuery({ queryKey: ["invitations", shopId], queryFn: ({ signal }) => get<Page<Invitation>>(address, undefined, signal) });
  const act = async (call: Promise<unknown>) => {
    try {
      await call;
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await client.invalidateQueries({ queryKey: ["invitations", shopId] });
    }
  };
  const copy = async (link: string) => {
    await navigator.clipboard.writeText(link);
    void message.success(t("members.copied"));
  };
  if (!invitations.data?.items.length) return null;
  return (
    <ul className="wb-plain-list wb-section">
      {invitations.data.items.map((row) => (
        <li key={row.id} className="wb-member" data-testid="invitation">
          <span className="wb-member-words">
            <strong>{row.contact}</strong>
            <small className="wb-muted">
              {row.role_name || t(`roles.${row.role}`)} · {t("members.until", { date: format.dateTime(row.expires_at) })}
            </small>
          </span>
          <Tag color={COLOUR[row.state]}>{t(`members.invitation.${row.state}`)}</Tag>
          {(row.state === "waiting" || row.state === "expired") && (
            <Space>
              {row.link && (
                <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(row.link ?? "")}>
                  {t("members.copy_link")}
                </Button>
              )}
              <Button size="small" onClick={() => void act(post(`${address}/${row.id}/resend`))}>
                {t("members.resend")}
              </Button>
              <Button size="small" danger onClick={() => void act(remove(`${address}/${row.id}`))}>
                {t("members.revoke")}
              </Button>
            </Space>
          )}
        </li>
      ))}
    </ul>
  );
}
