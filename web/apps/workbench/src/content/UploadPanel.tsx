import { CloudUploadOutlined, DeleteOutlined, PauseOutlined, PlayCircleOutlined, ReloadOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Progress, Skeleton } from "antd";
import { type ChangeEvent, useEffect, useRef } from "react";
import type { MediaAsset } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { formatBytes } from "../format/size";
import { useAsset, useWorkActions } from "./queries";
import type { FileOnItsWay, Uploads } from "./use-uploads";

export const VIDEO_TYPES = "video/mp4,video/quicktime,video/webm,video/x-matroska,.mp4,.mov,.webm,.mkv";
export const PICTURE_TYPES = "image/jpeg,image/png,image/webp";

interface UploadPanelProps {
  kind: "video" | "picture";
  uploads: Uploads;
  assetIds: number[];
  limit: number;
  onRemove: (assetId: number) => void;
  onReady: (asset: MediaAsset) => void;
}

/** The files of a work: choose or drop, watch them being sent, checked and transcoded. */
export function UploadPanel({ kind, uploads, assetIds, limit, onRemove, onReady }: UploadPanelProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const picker = useRef<HTMLInputElement>(null);
  const room = limit - assetIds.length - uploads.files.length;
  const add = (files: readonly File[]) => {
    if (files.length > room) void message.warning(t("content.files_limit", { count: limit }));
    for (const file of files.slice(0, Math.max(room, 0))) {
      if (file.type && !file.type.startsWith(kind === "video" ? "video/" : "image/")) {
        void message.error(t(`content.wrong_type_${kind}`, { name: file.name }));
      } else uploads.add(file);
    }
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    add([...(event.target.files ?? [])]);
    event.target.value = "";
  };
  return (
    <div className="wb-upload">
      {assetIds.map((id) => (
        <AssetRow key={id} assetId={id} onRemove={() => onRemove(id)} onReady={onReady} />
      ))}
      {uploads.files.map((file) => (
        <FileRow key={file.key} file={file} uploads={uploads} />
      ))}
      {room > 0 && (
        <button
          type="button"
          className="wb-drop"
          onClick={() => picker.current?.click()}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            add([...event.dataTransfer.files]);
          }}
        >
          <CloudUploadOutlined aria-hidden />
          <span>{t(`content.drop_${kind}`)}</span>
          <small className="wb-muted">{t(`content.drop_help_${kind}`, { count: limit })}</small>
        </button>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        multiple={limit > 1}
        accept={kind === "video" ? VIDEO_TYPES : PICTURE_TYPES}
        onChange={onPick}
        data-testid="upload-input"
      />
    </div>
  );
}

function FileRow({ file, uploads }: { file: FileOnItsWay; uploads: Uploads }) {
  const { t } = useTranslation();
  const percent = file.size_bytes > 0 ? Math.floor((file.sent_bytes / file.size_bytes) * 100) : 0;
  const refusal = file.refusal;
  return (
    <div className="wb-file" data-testid="upload-file">
      <div className="wb-row-between">
        <span className="wb-clip">{file.name}</span>
        <span>
          {file.state === "sending" && (
            <Button size="small" type="text" icon={<PauseOutlined />} aria-label={t("content.pause")} onClick={() => uploads.pause(file.key)} />
          )}
          {file.state === "paused" && (
            <Button size="small" type="text" icon={<PlayCircleOutlined />} aria-label={t("content.resume")} onClick={() => uploads.resume(file.key)} />
          )}
          {file.state === "refused" && (
            <Button size="small" type="text" icon={<ReloadOutlined />} aria-label={t("actions.retry")} onClick={() => uploads.retry(file.key)} />
          )}
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("content.cancel_upload")} onClick={() => uploads.cancel(file.key)} />
        </span>
      </div>
      <Progress
        percent={percent}
        size="small"
        status={file.state === "refused" ? "exception" : file.state === "paused" ? "normal" : "active"}
        aria-label={file.name}
      />
      <small className={refusal ? "wb-reason" : "wb-muted"}>
        {refusal
          ? t(`content.failure.${refusal.code}`, { defaultValue: t("content.failure.upload_failed") })
          : t(file.state === "paused" ? "content.paused" : "content.sending", {
              sent: formatBytes(file.sent_bytes),
              size: formatBytes(file.size_bytes),
            })}
      </small>
    </div>
  );
}

interface AssetRowProps {
  assetId: number;
  onRemove: () => void;
  onReady: (asset: MediaAsset) => void;
}

function AssetRow({ assetId, onRemove, onReady }: AssetRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const actions = useWorkActions(shop.id);
  const asset = useAsset(shop.id, assetId);
  const tell = useRef(onReady);
  useEffect(() => {
    tell.current = onReady;
  });
  const known = asset.data;
  useEffect(() => {
    if (known?.state === "ready") tell.current(known);
  }, [known]);
  if (asset.isPending) return <Skeleton active paragraph={{ rows: 1 }} />;
  if (asset.isError) return <Alert type="error" showIcon title={errorText(t, asset.error)} />;
  const { data } = asset;
  const failed = data.state === "failed";
  const retry = () => actions.retryAsset(assetId).catch((error: unknown) => message.error(errorText(t, error)));
  return (
    <div className="wb-file" data-testid="asset" data-state={data.state}>
      {data.poster_url && <img className="wb-file-poster" src={data.poster_url} alt="" />}
      <div className="wb-file-words">
        <span className="wb-clip">{data.filename}</span>
        {data.state === "ready" ? (
          <small className="wb-muted">
            {[data.width > 0 ? `${data.width}×${data.height}` : "", data.duration_ms > 0 ? `${(data.duration_ms / 1000).toFixed(1)} s` : "", formatBytes(data.size_bytes)]
              .filter(Boolean)
              .join(" · ")}
          </small>
        ) : (
          <>
            <Progress percent={data.progress_percent} size="small" status={failed ? "exception" : "active"} aria-label={data.filename} />
            <small className={failed ? "wb-reason" : "wb-muted"} aria-live="polite">
              {failed
                ? t(`content.failure.${data.failure?.code ?? "unknown"}`, {
                    defaultValue: data.failure?.message || t("content.failure.upload_failed"),
                  })
                : t(`content.asset_state.${data.state}`, { percent: format.number(data.progress_percent) })}
            </small>
          </>
        )}
      </div>
      <span>
        {failed && data.failure?.retryable && (
          <Button size="small" icon={<ReloadOutlined />} onClick={() => void retry()} data-testid="asset-retry">
            {t("actions.retry")}
          </Button>
        )}
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("content.remove_file")} onClick={onRemove} />
      </span>
    </div>
  );
}
