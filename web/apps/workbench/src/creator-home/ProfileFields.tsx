import { CameraOutlined, UserOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Avatar, Button, Form, Input } from "antd";
import { useEffect, useMemo, useRef } from "react";
import { BIO_LENGTH, CREATOR_NAME_LENGTH, HANDLE_LENGTH, handleProblem } from "./handle";

export interface ProfileDraft {
  handle: string;
  display_name: string;
  bio: string;
  picture: File | null;
}

interface ProfileFieldsProps {
  draft: ProfileDraft;
  avatar_url: string;
  reasons: Map<string, string>;
  onChange: (part: Partial<ProfileDraft>) => void;
}

export function isComplete(draft: ProfileDraft): boolean {
  return draft.display_name.trim().length >= CREATOR_NAME_LENGTH.min && handleProblem(draft.handle) === null;
}

/** Picture, name, handle and words of a publishing account. */
export function ProfileFields({ draft, avatar_url, reasons, onChange }: ProfileFieldsProps) {
  const { t } = useTranslation();
  const problem = draft.handle === "" ? null : handleProblem(draft.handle);
  const handleReason = reasons.get("handle") ?? (problem ? t(`creator_home.${problem}`) : undefined);
  const item = (name: string, help: string) =>
    reasons.get(name) ? { validateStatus: "error" as const, help: reasons.get(name) } : { extra: help };
  return (
    <>
      <PicturePicker picture={draft.picture} avatar_url={avatar_url} reason={reasons.get("file")} onPick={(picture) => onChange({ picture })} />
      <Form.Item label={t("creator_home.name")} htmlFor="creator-name" required {...item("display_name", t("creator_home.name_help"))}>
        <Input id="creator-name" size="large" data-testid="creator-name" value={draft.display_name} maxLength={CREATOR_NAME_LENGTH.max} onChange={(event) => onChange({ display_name: event.target.value })} />
      </Form.Item>
      <Form.Item
        label={t("creator_home.handle")}
        htmlFor="creator-handle"
        required
        {...(handleReason ? { validateStatus: "error" as const, help: handleReason } : { extra: t("creator_home.handle_help") })}
      >
        <Input id="creator-handle" size="large" prefix="@" data-testid="creator-handle" autoCapitalize="none" value={draft.handle} maxLength={HANDLE_LENGTH.max} onChange={(event) => onChange({ handle: event.target.value.trim().toLowerCase() })} />
      </Form.Item>
      <Form.Item label={t("creator_home.bio")} htmlFor="creator-bio" {...item("bio", t("creator_home.bio_help"))}>
        <Input.TextArea id="creator-bio" data-testid="creator-bio" value={draft.bio} maxLength={BIO_LENGTH} autoSize={{ minRows: 2 }} onChange={(event) => onChange({ bio: event.target.value })} />
      </Form.Item>
    </>
  );
}

interface PicturePickerProps {
  picture: File | null;
  avatar_url: string;
  reason: string | undefined;
  onPick: (picture: File | null) => void;
}

function PicturePicker({ picture, avatar_url, reason, onPick }: PicturePickerProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const chosen = useMemo(() => (picture ? URL.createObjectURL(picture) : null), [picture]);
  useEffect(() => () => void (chosen && URL.revokeObjectURL(chosen)), [chosen]);
  return (
    <Form.Item {...(reason ? { validateStatus: "error" as const, help: reason } : { extra: t("creator_home.picture_help") })}>
      <span className="wb-line">
        <Avatar alt="" size={64} src={chosen ?? (avatar_url || undefined)} icon={<UserOutlined />} />
        <Button icon={<CameraOutlined />} onClick={() => input.current?.click()}>
          {t("creator_home.picture")}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          style={{ display: "none" }}
          accept="image/jpeg,image/png,image/webp"
          aria-label={t("creator_home.picture")}
          data-testid="creator-picture"
          onChange={(event) => onPick(event.target.files?.[0] ?? null)}
        />
      </span>
    </Form.Item>
  );
}
