import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { patch, post, remove } from "../api/http";
import type { Roles } from "../api/types";
import { errorText } from "../app/errors";
import { useRoles } from "./roles";

type OwnRole = Roles["own"][number];

/** The shop's own roles: a name, and what may be read and changed on which page. */
export function RolesCard({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const roles = useRoles(shopId);
  const [open, setOpen] = useState<"new" | OwnRole | null>(null);
  if (!roles.data) return null;
  const drop = async (id: number) => {
    try {
      await remove(`/organisations/${shopId}/roles/${id}`);
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await client.invalidateQueries({ queryKey: ["roles", shopId] });
    }
  };
  return (
    <Card
      className="wb-section"
      title={t("members.own_roles")}
      extra={
        <Button icon={<PlusOutlined />} onClick={() => setOpen("new")} data-testid="role-new">
          {t("members.new_role")}
        </Button>
      }
    >
      {roles.data.own.length === 0 && <span className="wb-muted">{t("members.no_roles")}</span>}
      <ul className="wb-plain-list">
        {roles.data.own.map((row) => (
          <li key={row.id} className="wb-member">
            <span className="wb-member-words">
              <strong>{row.name}</strong>
              <small className="wb-muted">{t("members.role_members", { count: row.members })}</small>
            </span>
            <Button type="text" icon={<EditOutlined />} aria-label={t("members.edit_role", { name: row.name })} onClick={() => setOpen(row)} />
            <Button type="text" icon={<DeleteOutlined />} disabled={row.members > 0} aria-label={t("members.drop_role", { name: row.name })} onClick={() => void drop(row.id)} />
          </li>
        ))}
      </ul>
      {open !== null && <RoleDialog shopId={shopId} pages={roles.data.pages} role={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function RoleDialog({ shopId, pages, role, onClose }: { shopId: number; pages: Roles["pages"]; role: OwnRole | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(role?.name ?? "");
  const [scopes, setScopes] = useState<string[]>(role?.scopes ?? []);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const set = (scope: string, on: boolean) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope));
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const body = { name: name.trim(), scopes };
      await (role ? patch(`/organisations/${shopId}/roles/${role.id}`, body) : post(`/organisations/${shopId}/roles`, body));
      await client.invalidateQueries({ queryKey: ["roles", shopId] });
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={role ? t("members.edit_role", { name: role.name }) : t("members.new_role")} onCancel={onClose} onOk={() => void save()} okText={t("actions.save")} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={{ disabled: name.trim().length < 2 || scopes.length === 0 }}>
      <Form layout="vertical">
        <Form.Item label={t("members.role_name")} htmlFor="role-name">
          <Input id="role-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        <table className="wb-scopes">
          <thead>
            <tr>
              <th scope="col">{t("members.page")}</th>
              <th scope="col">{t("members.may_read")}</th>
              <th scope="col">{t("members.may_write")}</th>
            </tr>
          </thead>
          <tbody>
            {pages.map((row) => (
              <tr key={row.page}>
                <th scope="row">{t(`rooms.${row.page}`)}</th>
                <td>
                  <Checkbox aria-label={`${t(`rooms.${row.page}`)}: ${t("members.may_read")}`} checked={scopes.includes(row.read) || (row.write !== null && scopes.includes(row.write))} disabled={row.write !== null && scopes.includes(row.write)} onChange={(event) => set(row.read, event.target.checked)} />
                </td>
                <td>{row.write && <Checkbox aria-label={`${t(`rooms.${row.page}`)}: ${t("members.may_write")}`} checked={scopes.includes(row.write)} onChange={(event) => set(row.write ?? "", event.target.checked)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="wb-muted">{t("members.scopes_help")}</p>
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      </Form>
    </Modal>
  );
}
