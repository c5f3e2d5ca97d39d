import { ApiError } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Input, Segmented, Select, Space, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { get } from "../api/http";
import type { Work } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useLeaveGuard } from "../app/leave-guard";
import { PoolCard } from "../pools/PoolCard";
import { AnchorEditor } from "./AnchorEditor";
import { CaptionsCard } from "./CaptionsCard";
import { CoverCard } from "./CoverCard";
import { FiguresCard } from "./FiguresCard";
import { PhoneFrame } from "./PhoneFrame";
import { ScheduleButton } from "./ScheduleButton";
import { TrimPanel } from "./TrimPanel";
import { UploadPanel } from "./UploadPanel";
import { useShopCreators } from "./queries";
import { WORK_STATE_COLOURS } from "./states";
import { type WorkEditorState, useWorkEditor } from "./use-work-editor";
import { useUploads } from "./use-uploads";
import { CAPTION_LENGTH, PICTURES_LIMIT, TAGS_LIMIT, TITLE_LENGTH, anchorsWithin, checkWork, emptyWork } from "./work-form";

export function WorkEditor({ initial }: { initial: Work | null }) {
  const { t } = useTranslation();
  const shop = useShop();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const editor = useWorkEditor(initial);
  const { saved, form, change, busy, refusal, shown } = editor;
  const creators = useShopCreators(shop.id);
  const player = useRef<HTMLVideoElement>(null);
  const [position_ms, setPosition] = useState(0);
  const [checked, setChecked] = useState<"save" | "publish" | null>(null);
  const uploads = useUploads(shop.id, (assetId) => change({ asset_ids: [...form.asset_ids, assetId] }));
  const editable = mayEdit(shop.permissions, "content");
  const first = shown[0];
  const duration_ms = first?.duration_ms ?? saved?.duration_ms ?? 0;
  const sending = uploads.files.some((file) => file.state !== "refused");
  const ready = form.asset_ids.length > 0 && shown.length === form.asset_ids.length && shown.every((asset) => asset.state === "ready");
  const allowLeave = useLeaveGuard((editor.dirty || sending) && busy === null && editable);
  const reasons = fieldReasons(t, refusal);
  if (checked) {
    for (const [field, problem] of checkWork(form, duration_ms, checked === "publish")) {
      reasons.set(field, t(`content.problem.${problem}`));
    }
  }
  useEffect(() => {
    const own = creators.data?.[0];
    if (form.creator_id === null && own) change({ creator_id: own.id });
    // Only the arrival of the accounts matters here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [creators.data]);
  const go = async (kind: "save" | "publish" | "unpublish") => {
    if (kind !== "unpublish") {
      setChecked(kind);
      if (checkWork(form, duration_ms, kind === "publish").size > 0) {
        void message.warning(t("content.fix_marked"));
        return;
      }
    }
    const work = await editor.run(kind);
    if (!work) return;
    void message.success(t(`content.done.${kind}`));
    if (!saved) {
      allowLeave();
      await navigate(`/shops/${shop.id}/content/${work.id}`, { replace: true });
    }
  };
  const creatorName = creators.data?.find((each) => each.id === form.creator_id)?.display_name ?? shop.name;
  return (
    <div className="wb-page">
      <PageHead
        title={saved ? saved.title : t("content.new")}
        back={<Link to={`/shops/${shop.id}/content`}>{t("content.back")}</Link>}
        note={
          saved && (
            <Space wrap>
              <Tag color={WORK_STATE_COLOURS[saved.state]} data-testid="work-state">
                {t(`content.state.${saved.state}`)}
              </Tag>
              <WorkCounts work={saved} />
            </Space>
          )
        }
        actions={editable && <WorkActions editor={editor} ready={ready} sending={sending} go={(kind) => void go(kind)} />}
      />
      {refusal !== null && <Refusal editor={editor} />}
      <div className="wb-two">
        <fieldset disabled={!editable} className="wb-editor-body">
          <Card className="wb-section" title={t("content.section.files")}>
            {!saved && form.asset_ids.length === 0 && uploads.files.length === 0 && (
              <Segmented<"video" | "picture">
                className="wb-kind"
                value={form.kind}
                onChange={(kind) => change({ ...emptyWork(kind), title: form.title, caption: form.caption, tags: form.tags, creator_id: form.creator_id, anchors: form.anchors })}
                options={[
                  { value: "video", label: t("content.kind.video") },
                  { value: "picture", label: t("content.kind.picture") },
                ]}
              />
            )}
            <UploadPanel
              kind={form.kind}
              uploads={uploads}
              assetIds={form.asset_ids}
              limit={form.kind === "video" ? 1 : PICTURES_LIMIT}
              onRemove={(id) => change({ asset_ids: form.asset_ids.filter((each) => each !== id) })}
              onReady={editor.noteReady}
            />
            {saved && form.kind === "video" && first?.state === "ready" && (
              <TrimPanel key={first.id} workId={saved.id} asset={first} position_ms={position_ms} onCut={(made, start, end) => change({ asset_ids: [made.id], anchors: anchorsWithin(form.anchors, start, end) })} />
            )}
            {reasons.get("asset_ids") && <p className="wb-reason">{reasons.get("asset_ids")}</p>}
          </Card>
          <WordsSection editor={editor} reasons={reasons} creators={creators.data ?? []} />
          <Card className="wb-section" title={t("content.section.anchors")}>
            <p className="wb-muted">{t(form.kind === "video" ? "content.anchors_help" : "content.anchors_help_picture")}</p>
            <AnchorEditor
              anchors={form.anchors}
              timed={form.kind === "video"}
              position_ms={position_ms}
              reasons={reasons}
              onChange={(anchors) => change({ anchors })}
            />
          </Card>
          {saved && <CoverCard work={saved} position_ms={position_ms} onChanged={editor.take} />}
          {saved && form.kind === "video" && <CaptionsCard workId={saved.id} position_ms={position_ms} />}
          {saved?.published_at && <FiguresCard workId={saved.id} />}
          {saved?.published_at && <PoolCard contentId={saved.id} />}
        </fieldset>
        <aside className="wb-preview">
          <PhoneFrame
            form={form}
            creatorName={creatorName}
            hlsUrl={first?.hls_url ?? saved?.hls_url ?? null}
            poster={first?.poster_url ?? saved?.poster_url ?? ""}
            pictures={shown.map((asset) => asset.poster_url).filter(Boolean)}
            waiting={Boolean(first)}
            player={player}
            position_ms={position_ms}
            onTime={setPosition}
          />
        </aside>
      </div>
    </div>
  );
}

function WorkCounts({ work }: { work: Work }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className="wb-muted" title={t("content.views_help")}>
      {t("content.counts", {
        views: format.compact(work.counts.views),
        likes: format.compact(work.counts.likes),
        comments: format.compact(work.counts.comments),
      })}
    </span>
  );
}

function Refusal({ editor }: { editor: WorkEditorState }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { refusal, saved } = editor;
  const stale = refusal instanceof ApiError && refusal.code === "stale_version";
  const reload = async () => {
    if (!saved) return;
    editor.adopt(await get<Work>(`/shops/${shop.id}/contents/${saved.id}`));
    editor.setRefusal(null);
  };
  return (
    <Alert
      type={stale ? "warning" : "error"}
      showIcon
      title={errorText(t, refusal)}
      description={t(stale ? "content.stale_help" : "content.refused_safe")}
      {...(stale ? { action: <Button onClick={() => void reload()}>{t("content.take_theirs")}</Button> } : {})}
      data-testid="work-refusal"
    />
  );
}

interface WorkActionsProps {
  editor: WorkEditorState;
  ready: boolean;
  sending: boolean;
  go: (kind: "save" | "publish" | "unpublish") => void;
}

function WorkActions({ editor, ready, sending, go }: WorkActionsProps) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const shop = useShop();
  const navigate = useNavigate();
  const { saved, busy, dirty, actions } = editor;
  const published = saved?.state === "published";
  const askDelete = () =>
    saved &&
    modal.confirm({
      title: t("content.delete_title"),
      content: t("content.delete_help"),
      okText: t("actions.delete"),
      cancelText: t("actions.cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await actions.destroy(saved.id);
          await actions.refresh();
          await navigate(`/shops/${shop.id}/content`);
        } catch (error) {
          void message.error(errorText(t, error));
        }
      },
    });
  return (
    <>
      {saved && !dirty && (
        <Button danger onClick={askDelete} data-testid="content-delete">
          {t("actions.delete")}
        </Button>
      )}
      {published && (
        <Button onClick={() => go("unpublish")} loading={busy === "unpublish"} data-testid="unpublish-button">
          {t("content.unpublish")}
        </Button>
      )}
      <Button
        {...(published ? { type: "primary" as const } : {})}
        onClick={() => go("save")}
        loading={busy === "save"}
        disabled={sending || (saved !== null && !dirty)}
        data-testid="content-save"
      >
        {t("content.save")}
      </Button>
      {saved && !published && <ScheduleButton work={saved} disabled={dirty || sending} onChanged={editor.take} />}
      {!published && (
        <Button
          type="primary"
          onClick={() => go("publish")}
          loading={busy === "publish"}
          disabled={sending || !ready}
          title={ready ? undefined : t("content.publish_when_ready")}
          data-testid="publish-button"
        >
          {t("content.publish")}
        </Button>
      )}
    </>
  );
}

interface WordsSectionProps {
  editor: WorkEditorState;
  reasons: Map<string, string>;
  creators: { id: number; handle: string; display_name: string }[];
}

function WordsSection({ editor, reasons, creators }: WordsSectionProps) {
  const { t } = useTranslation();
  const { form, change } = editor;
  const item = (name: string, help?: string) =>
    reasons.get(name) ? { validateStatus: "error" as const, help: reasons.get(name) } : { ...(help ? { extra: help } : {}) };
  return (
    <Card className="wb-section" title={t("content.section.words")}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("content.field.title")} htmlFor="content-title" required {...item("title")}>
          <Input
            id="content-title"
            data-testid="content-title"
            value={form.title}
            count={{ show: true, max: TITLE_LENGTH }}
            onChange={(event) => change({ title: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t("content.field.caption")} htmlFor="content-caption" {...item("caption")}>
          <Input.TextArea
            id="content-caption"
            data-testid="content-caption"
            value={form.caption}
            autoSize={{ minRows: 3, maxRows: 8 }}
            count={{ show: true, max: CAPTION_LENGTH }}
            onChange={(event) => change({ caption: event.target.value })}
          />
        </Form.Item>
        <div className="wb-columns">
          <Form.Item label={t("content.field.tags")} htmlFor="content-tags" {...item("tags", t("content.tags_help", { count: TAGS_LIMIT }))}>
            <Select
              id="content-tags"
              data-testid="content-tags"
              mode="tags"
              open={false}
              suffixIcon={null}
              maxCount={TAGS_LIMIT}
              value={form.tags}
              tokenSeparators={[",", "，", " ", "#"]}
              onChange={(tags: string[]) => change({ tags })}
            />
          </Form.Item>
          <Form.Item label={t("content.field.creator")} htmlFor="content-creator" {...item("creator_id")}>
            <Select
              id="content-creator"
              value={form.creator_id}
              onChange={(creator_id: number) => change({ creator_id })}
              options={creators.map((each) => ({ value: each.id, label: `${each.display_name} @${each.handle}` }))}
            />
          </Form.Item>
        </div>
      </Form>
    </Card>
  );
}
