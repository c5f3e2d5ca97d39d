import { DeleteOutlined, SwapOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Avatar, Button, Input, Select, Skeleton } from "antd";
import { Link } from "react-router";
import { get, patch, post, remove } from "../api/http";
import type { Member, Page } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useSession, useShop } from "../app/session";
import { InviteCard } from "./InviteCard";
import { roleOf, useRoleOptions, valueOf } from "./roles";
import { RolesCard } from "./RolesCard";

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
      {editable && <InviteCard shopId={shop.id} />}
      {members.isPending && <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />}
      {members.isError && <ErrorView error={members.error} onRetry={() => void members.refetch()} />}
      {members.data && (
        <ul className="wb-plain-list wb-panel">
          {members.data.items.map((member) => (
            <MemberRow key={member.id} member={member} editable={editable} />
          ))}
        </ul>
      )}
      {editable && <RolesCard shopId={shop.id} />}
    </div>
  );
}

function MemberRow({ member, editable }: { member: Member; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const session = useSession();
  const client = useQueryClient();
  const options = useRoleOptions(shop.id);
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
  const askHandOn = () => {
    let typed = "";
    modal.confirm({
      title: t("members.hand_on_title", { name: member.display_name }),
      content: (
        <>
          <p>{t("members.hand_on_help", { shop: shop.name })}</p>
          <Input aria-label={t("members.shop_name")} placeholder={shop.name} onChange={(event) => (typed = event.target.value)} data-testid="hand-on-name" />
        </>
      ),
      okText: t("members.hand_on"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        await act(post(`/organisations/${shop.id}/owner`, { member_id: member.id, shop_name: typed }), t("members.handed_on"));
        await client.invalidateQueries({ queryKey: ["session"] });
      },
    });
  };
  const mayHandOn = shop.permissions.includes("*") && !own && member.role !== "owner";
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
            value={valueOf(member)}
            options={options}
            aria-label={t("members.role_of", { name: member.display_name })}
            popupMatchSelectWidth={false}
            onChange={(role: string) => void act(patch(address, roleOf(role)), t("members.changed"))}
          />
          {mayHandOn && <Button type="text" icon={<SwapOutlined />} aria-label={t("members.hand_on_title", { name: member.display_name })} title={t("members.hand_on")} onClick={askHandOn} />}
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("members.remove_title", { name: member.display_name })} onClick={askRemove} />
        </>
      ) : (
        <span>{member.role_name || t(`roles.${member.role}`)}</span>
      )}
    </li>
  );
}
