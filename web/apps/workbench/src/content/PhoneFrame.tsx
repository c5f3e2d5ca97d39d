import { ShoppingOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { type RefObject, useState } from "react";
import { ClipPlayer } from "./ClipPlayer";
import type { AnchorDraft, WorkForm } from "./work-form";

interface PhoneFrameProps {
  form: WorkForm;
  creatorName: string;
  hlsUrl: string | null;
  poster: string;
  pictures: string[];
  /** A file is chosen and not ready to be shown. */
  waiting: boolean;
  player: RefObject<HTMLVideoElement | null>;
  position_ms: number;
  onTime: (position_ms: number) => void;
}

/** The anchor on screen at a moment of the clip: the last one whose time has come. */
export function anchorAt(anchors: readonly AnchorDraft[], position_ms: number): AnchorDraft | null {
  return anchors.filter((anchor) => (anchor.show_from_ms ?? 0) <= position_ms && position_ms < (anchor.show_until_ms ?? Number.POSITIVE_INFINITY)).at(-1) ?? null;
}

/** How the work will look in a phone's feed, with the anchor rising at its time. */
export function PhoneFrame(props: PhoneFrameProps) {
  const { form, pictures, hlsUrl, poster, position_ms } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(0);
  const anchor = anchorAt(form.anchors, form.kind === "video" ? position_ms : Number.MAX_SAFE_INTEGER);
  const picture = pictures[Math.min(shown, pictures.length - 1)];
  return (
    <figure className="wb-phone" aria-label={t("content.preview")}>
      {form.kind === "video" && hlsUrl ? (
        <ClipPlayer player={props.player} hlsUrl={hlsUrl} poster={poster} label={form.title} onTime={props.onTime} />
      ) : form.kind === "picture" && picture ? (
        <img className="wb-phone-video" src={picture} alt="" />
      ) : poster ? (
        <img className="wb-phone-video" src={poster} alt="" />
      ) : (
        <div className="wb-phone-none">{t(props.waiting ? "content.preview_soon" : "content.preview_none")}</div>
      )}
      {form.kind === "picture" && pictures.length > 1 && (
        <div className="wb-phone-dots">
          {pictures.map((url, index) => (
            <button
              type="button"
              key={url}
              aria-label={t("products.picture_number", { number: index + 1 })}
              aria-current={index === shown}
              onClick={() => setShown(index)}
            />
          ))}
        </div>
      )}
      <figcaption className="wb-phone-words">
        {anchor && (
          <span className="wb-phone-anchor" data-testid="preview-anchor">
            <ShoppingOutlined aria-hidden />
            <span className="wb-clip">{anchor.label || anchor.name}</span>
            {anchor.price && <strong>{format.money(anchor.price)}</strong>}
          </span>
        )}
        <strong>@{props.creatorName}</strong>
        {form.title && <span className="wb-clip">{form.title}</span>}
        <span className="wb-clip-2">
          {form.caption} {form.tags.map((tag) => `#${tag}`).join(" ")}
        </span>
      </figcaption>
    </figure>
  );
}
