import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Avatar, Button, Card, Form, Input, Select, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get, patch, post, remove } from "../api/http";
import type { Member, Page, Role } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useSession, useShop } from "../app/session";

const ROLES: Role[] = ["owner", "manager", "catalogue", "fulfilment", "content", "service", "finance", "viewer"];

function useRoleOptions() {
  const { t } = useTranslation();
  return ROLES.map((role) => ({ value: role, label: t(`roles.${role}`), help: t(`members.role_help.${role}`) }));
}

export default function MembersPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const members = useQuery({
    queryKey: ["members", shop.id],
    queryFn: ({ signal }) => get<Page<Member>>(`/organisations/${shop.id}/members`, undefined, signal),
  });
  const editable = mayEdit(shop.permissions, "members");
  return (
    <div className="wb-page wb-narrow">
      <PageHead
        title={t("rooms.members")}
        actions={
          editable && (
            <Link to={`/shops/${shop.id}/members/actions`}>
              <Button data-testid="to-actions">{t("members.actions")}</Button>
            </Link>
          )
        }
      />
      {editable && <AddMember shopId={shop.id} />}
      {members.isPending && <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />}
      {members.isError && <ErrorView error={members.error} onRetry={() => void members.refetch()} />}
      {members.data && (
        <ul className="wb-plain-list wb-panel">
          {members.data.items.map((member) => (
            <MemberRow key={member.id} member={member} editable={editable} />
          ))}
        </ul>
      )}
    </div>
  );
}

function AddMember({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const options = useRoleOptions();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("fulfilment");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const typedWell = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim());
  const add = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(`/organisations/${shopId}/members`, { email: email.trim(), role });
      void message.success(t("members.added"));
      setEmail("");
      await client.invalidateQueries({ queryKey: ["members", shopId] });
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card className="wb-section" title={t("members.add")}>
      <Form layout="vertical" onFinish={() => void add()}>
        <div className="wb-columns wb-columns-end">
          <Form.Item
            label={t("members.email")}
            htmlFor="member-email"
            {...(reasons.get("email") ? { validateStatus: "error" as const, help: reasons.get("email") } : { extra: t("members.email_help") })}
          >
            <Input id="member-email" type="email" value={email} onChange={(event) => setEmail(event.target.value)} data-testid="member-email" />
          </Form.Item>
          <Form.Item label={t("members.role")} htmlFor="member-role" extra={t(`members.role_help.${role}`)}>
            <Select id="member-role" value={role} onChange={setRole} options={options} data-testid="member-role" />
          </Form.Item>
        </div>
        {refusal !== null && !reasons.has("email") && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" htmlType="submit" icon={<PlusOutlined />} loading={busy} disabled={!typedWell} data-testid="member-add">
          {t("members.add")}
        </Button>
      </Form>
    </Card>
  );
}

function MemberRow({ member, editable }: { member: Member; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const session = useSession();
  const client = useQueryClient();
  const options = useRoleOptions();
  const { message, modal } = App.useApp();
  const own = session.data?.person?.id === member.person_id;
  const act = async (call: Promise<unknown>, done: string) => {
    try {
      await call;
      void message.success(done);
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await client.invalidateQueries({ queryKey: ["members", shop.id] });
      if (own) await client.invalidateQueries({ queryKey: ["session"] });
    }
  };
  const address = `/organisations/${shop.id}/members/${member.id}`;
  const askRemove = () =>
    modal.confirm({
      title: t(own ? "members.leave_title" : "members.remove_title", { name: member.display_name }),
      content: t("members.remove_help"),
      okText: t("members.remove"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: () => act(remove(address), t("members.removed")),
    });
  return (
    <li className="wb-member" data-testid="member">
      <Avatar>{member.display_name.slice(0, 1)}</Avatar>
      <span className="wb-member-words">
        <strong>
          {member.display_name} {own && <small className="wb-muted">{t("members.you")}</small>}
        </strong>
        <small className="wb-muted">
          {member.email} · {t("members.since", { date: format.date(member.created_at) })}
        </small>
      </span>
      {editable ? (
        <>
          <Select
            value={member.role}
            options={options}
            aria-label={t("members.role_of", { name: member.display_name })}
            popupMatchSelectWidth={false}
            onChange={(role: Role) => void act(patch(address, { role }), t("members.changed"))}
          />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("members.remove_title", { name: member.display_name })} onClick={askRemove} />
        </>
      ) : (
        <span>{t(`roles.${member.role}`)}</span>
      )}
    </li>
  );
}
