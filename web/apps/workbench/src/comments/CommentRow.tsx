import { UserOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Avatar, Button, Input, Popconfirm, Space, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { type ShopComment, useCommentActions } from "./queries";

/** One comment with what can be done with it. */
export function CommentRow({ comment, editable }: { comment: ShopComment; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const actions = useCommentActions(shop.id);
  const [answer, setAnswer] = useState<string | null>(null);
  const run = (step: Promise<unknown>) => step.catch((error: unknown) => void message.error(errorText(t, error)));
  const top = comment.thread_id === null;
  return (
    <li className="wb-line" style={{ alignItems: "flex-start" }} data-testid="comment">
      <Avatar alt="" src={comment.author_avatar_url || undefined} icon={<UserOutlined />} />
      <div className="wb-todo-words">
        <span>
          <strong>{comment.author_name}</strong> {comment.as_creator && <Tag color="blue">{t("comments.as_creator")}</Tag>}
          {comment.pinned && <Tag color="gold">{t("comments.pinned")}</Tag>}
          {comment.hidden !== "" && <Tag>{t(`comments.hidden.${comment.hidden}`)}</Tag>}
        </span>
        <span>{comment.text}</span>
        <small className="wb-muted">
          <Link to={`/shops/${shop.id}/content/${comment.content_id}`}>{comment.content_title}</Link> · {format.dateTime(comment.created_at)} ·{" "}
          {t("comments.likes", { count: comment.likes })}
        </small>
        {editable && (
          <Space wrap size="small">
            {comment.hidden === "" && (
              <Button size="small" onClick={() => setAnswer((now) => (now === null ? "" : null))} data-testid="comment-reply">
                {t("comments.reply")}
              </Button>
            )}
            {top && comment.hidden === "" && (
              <Button size="small" type="text" onClick={() => void run(actions.move(comment, comment.pinned ? "unpin" : "pin"))}>
                {t(comment.pinned ? "comments.unpin" : "comments.pin")}
              </Button>
            )}
            <Button size="small" type="text" onClick={() => void run(actions.move(comment, comment.hidden === "" ? "hide" : "show"))} data-testid="comment-hide">
              {t(comment.hidden === "" ? "comments.hide" : "comments.show")}
            </Button>
            {!comment.as_creator && !comment.author_blocked && (
              <Popconfirm title={t("comments.block_title", { name: comment.author_name })} description={t("comments.block_help")} okText={t("comments.block")} cancelText={t("actions.cancel")} onConfirm={() => void run(actions.move(comment, "block"))}>
                <Button size="small" type="text">
                  {t("comments.block")}
                </Button>
              </Popconfirm>
            )}
            <Popconfirm title={t("comments.delete_title")} okText={t("actions.delete")} cancelText={t("actions.cancel")} onConfirm={() => void run(actions.destroy(comment))}>
              <Button size="small" type="text" danger>
                {t("actions.delete")}
              </Button>
            </Popconfirm>
          </Space>
        )}
        {answer !== null && (
          <Space.Compact className="wb-full">
            <Input value={answer} maxLength={500} aria-label={t("comments.reply")} placeholder={t("comments.reply_as")} onChange={(event) => setAnswer(event.target.value)} data-testid="comment-answer" />
            <Button
              type="primary"
              disabled={answer.trim() === ""}
              data-testid="comment-send"
              onClick={() => void run(actions.reply(comment, answer.trim()).then(() => setAnswer(null)))}
            >
              {t("comments.send")}
            </Button>
          </Space.Compact>
        )}
      </div>
    </li>
  );
}
