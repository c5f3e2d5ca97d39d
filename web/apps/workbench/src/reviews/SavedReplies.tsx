import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Drawer, Input, Popconfirm } from "antd";
import { useState } from "react";
import { post, put, remove } from "../api/http";
import type { SavedReply } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useSavedReplies } from "./queries";

/** The answers that a shop keeps at hand. */
export function SavedReplies({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const saved = useSavedReplies(shop.id);
  const [draft, setDraft] = useState<{ id: number | null; title: string; text: string }>({ id: null, title: "", text: "" });
  const [refusal, setRefusal] = useState<unknown>(null);
  const path = `/shops/${shop.id}/saved-replies`;
  const act = async (call: () => Promise<unknown>) => {
    setRefusal(null);
    try {
      await call();
      await client.invalidateQueries({ queryKey: ["saved-replies", shop.id] });
      setDraft({ id: null, title: "", text: "" });
    } catch (error) {
      setRefusal(error);
    }
  };
  const body = { title: draft.title.trim(), text: draft.text.trim() };
  return (
    <Drawer open title={t("reviews.saved")} onClose={onClose} size="large">
      <div className="wb-stack">
        {saved.data?.length === 0 && <p className="wb-muted">{t("reviews.saved_empty")}</p>}
        <ul className="wb-plain-list">
          {saved.data?.map((one: SavedReply) => (
            <li key={one.id} className="wb-saved">
              <span>
                <strong>{one.title}</strong>
                <div className="wb-muted">{one.text}</div>
              </span>
              <span className="wb-row-actions">
                <Button size="small" onClick={() => setDraft(one)}>
                  {t("reviews.edit")}
                </Button>
                <Popconfirm title={t("reviews.saved_delete")} okText={t("reviews.delete")} cancelText={t("actions.cancel")} onConfirm={() => void act(() => remove(`${path}/${one.id}`))}>
                  <Button size="small" danger>
                    {t("reviews.delete")}
                  </Button>
                </Popconfirm>
              </span>
            </li>
          ))}
        </ul>
        <Input maxLength={40} value={draft.title} onChange={(event) => setDraft({ ...draft, title: event.target.value })} placeholder={t("reviews.saved_title")} aria-label={t("reviews.saved_title")} data-testid="saved-title" />
        <Input.TextArea rows={4} maxLength={1000} value={draft.text} onChange={(event) => setDraft({ ...draft, text: event.target.value })} placeholder={t("reviews.reply_example")} aria-label={t("reviews.saved_text")} data-testid="saved-text" />
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" disabled={!body.title || !body.text} onClick={() => void act(() => (draft.id === null ? post(path, body) : put(`${path}/${draft.id}`, body)))} data-testid="saved-save">
          {t("actions.save")}
        </Button>
      </div>
    </Drawer>
  );
}
