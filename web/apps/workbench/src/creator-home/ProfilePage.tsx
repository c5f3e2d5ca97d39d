import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Skeleton } from "antd";
import { useState } from "react";
import { patch, postForm } from "../api/http";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import { useLeaveGuard } from "../app/leave-guard";
import { mayEdit } from "../app/rooms";
import { SESSION_KEY, useShop } from "../app/session";
import { type ProfileDraft, ProfileFields, isComplete } from "./ProfileFields";
import { type Profile, profileQuery } from "./queries";

/** How the account presents itself in the mall. */
export default function ProfilePage() {
  const { t } = useTranslation();
  const shop = useShop();
  const profile = useQuery(profileQuery(shop.id));
  return (
    <div className="wb-page wb-narrow">
      <PageHead
        title={t("rooms.profile")}
        actions={profile.data && <Button href={`/creator/${profile.data.id}`}>{t("creator_home.see_in_mall")}</Button>}
      />
      {profile.isPending && <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />}
      {profile.isError && <ErrorView error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.data && <ProfileForm key={shop.id} profile={profile.data} />}
    </div>
  );
}

function ProfileForm({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [draft, setDraft] = useState<ProfileDraft>({ handle: profile.handle, display_name: profile.display_name, bio: profile.bio, picture: null });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const dirty = draft.handle !== profile.handle || draft.display_name !== profile.display_name || draft.bio !== profile.bio || draft.picture !== null;
  useLeaveGuard(dirty);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      let saved = await patch<Profile>(`/shops/${shop.id}/profile`, { handle: draft.handle, display_name: draft.display_name.trim(), bio: draft.bio.trim() });
      if (draft.picture) {
        const form = new FormData();
        form.set("file", draft.picture);
        saved = await postForm<Profile>(`/shops/${shop.id}/profile/avatar`, form);
      }
      client.setQueryData(profileQuery(shop.id).queryKey, saved);
      setDraft({ handle: saved.handle, display_name: saved.display_name, bio: saved.bio, picture: null });
      await client.invalidateQueries({ queryKey: SESSION_KEY });
      void message.success(t("settings.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card className="wb-section">
      <Form layout="vertical" onFinish={() => void save()} disabled={!mayEdit(shop.permissions, "profile")}>
        <ProfileFields draft={draft} avatar_url={profile.avatar_url} reasons={reasons} onChange={(part) => setDraft((current) => ({ ...current, ...part }))} />
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" htmlType="submit" loading={busy} disabled={!dirty || !isComplete(draft)} data-testid="profile-save">
          {t("actions.save")}
        </Button>
      </Form>
    </Card>
  );
}
