import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Form, Typography } from "antd";
import { useState } from "react";
import { post, postForm } from "../api/http";
import type { Organisation, Session } from "../api/types";
import { errorText, fieldReasons } from "../app/errors";
import { type ProfileDraft, ProfileFields, isComplete } from "./ProfileFields";

interface BecomeCreatorProps {
  session: Session;
  onDone: (place: Organisation) => Promise<void>;
}

/** From signed-up person to creator. */
export function BecomeCreator({ session, onDone }: BecomeCreatorProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<ProfileDraft>({ handle: "", display_name: session.person?.display_name ?? "", bio: "", picture: null });
  // Made once: a picture that is refused afterwards is no reason to make a second account.
  const [studio, setStudio] = useState<Organisation | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const open = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const body = { handle: draft.handle, display_name: draft.display_name.trim(), bio: draft.bio.trim() };
      const made = studio ?? (await post<Organisation>("/studios", body));
      setStudio(made);
      if (draft.picture) {
        const form = new FormData();
        form.set("file", draft.picture);
        await postForm(`/shops/${made.id}/profile/avatar`, form);
      }
      await onDone(made);
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <>
      <Typography.Title level={1} className="wb-page-title">
        {t("settings.creator_title")}
      </Typography.Title>
      <p className="wb-muted">{t("settings.creator_help", { name: session.person?.display_name })}</p>
      <Form layout="vertical" onFinish={() => void open()}>
        <ProfileFields draft={draft} avatar_url="" reasons={reasons} onChange={(part) => setDraft((current) => ({ ...current, ...part }))} />
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={!isComplete(draft)} data-testid="creator-open">
          {t("settings.creator_open")}
        </Button>
      </Form>
    </>
  );
}
