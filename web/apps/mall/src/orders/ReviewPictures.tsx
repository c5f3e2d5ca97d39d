import { useTranslation } from "@xingqu/i18n";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../kit/Icon";
import { useReport } from "../kit/useReport";
import { uploadReviewPicture } from "./queries";

const MAX_PICTURES = 9;
const ACCEPTED = "image/jpeg,image/png,image/webp";

interface Photo {
  key: string;
  preview: string;
  /** null while it is on its way. */
  id: number | null;
  stop: AbortController;
}

interface ReviewPicturesProps {
  orderNo: string;
  /** Ids of what has arrived, in order, and whether something is still on its way. */
  onChange: (ids: number[], busy: boolean) => void;
  /** Where the pictures go; those of a review unless told. */
  upload?: (orderNo: string, file: File, signal: AbortSignal) => Promise<{ id: number }>;
}

/** Up to nine pictures of a review: uploaded as they are picked, taken out again with one click. */
export function ReviewPictures({ orderNo, onChange, upload: send = uploadReviewPicture }: ReviewPicturesProps) {
  const { t } = useTranslation();
  const report = useReport();
  const [photos, setPhotos] = useState<Photo[]>([]);
  const latest = useRef(photos);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    latest.current = photos;
    tell.current(
      photos.flatMap((photo) => (photo.id === null ? [] : [photo.id])),
      photos.some((photo) => photo.id === null),
    );
  }, [photos]);
  useEffect(() => () => latest.current.forEach(letGo), []);

  const remove = (key: string) => {
    for (const photo of photos) if (photo.key === key) letGo(photo);
    setPhotos((now) => now.filter((photo) => photo.key !== key));
  };
  const upload = async (photo: Photo, file: File) => {
    try {
      const { id } = await send(orderNo, file, photo.stop.signal);
      setPhotos((now) => now.map((other) => (other.key === photo.key ? { ...other, id } : other)));
    } catch (error) {
      if (photo.stop.signal.aborted) return;
      report(error);
      letGo(photo);
      setPhotos((now) => now.filter((other) => other.key !== photo.key));
    }
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])].slice(0, MAX_PICTURES - photos.length);
    event.target.value = "";
    const added = files.map((file) => ({ photo: { key: URL.createObjectURL(file), id: null, stop: new AbortController() }, file }));
    setPhotos((now) => [...now, ...added.map(({ photo }) => ({ ...photo, preview: photo.key }))]);
    for (const { photo, file } of added) void upload({ ...photo, preview: photo.key }, file);
  };

  return (
    <div className="review-photos" role="group" aria-label={t("review.pictures")}>
      {photos.map((photo, index) => (
        <span key={photo.key} className={`review-photo${photo.id === null ? " on-its-way" : ""}`} data-testid="review-photo" data-state={photo.id === null ? "uploading" : "ready"}>
          <img src={photo.preview} alt={t("review.picture_number", { number: index + 1 })} />
          {photo.id === null ? (
            <span className="visually-hidden" role="status">
              {t("review.picture_uploading")}
            </span>
          ) : null}
          <button type="button" onClick={() => remove(photo.key)} aria-label={t("review.picture_remove", { number: index + 1 })}>
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
      {photos.length < MAX_PICTURES ? (
        <label className="review-photo-add">
          <input type="file" className="visually-hidden" accept={ACCEPTED} multiple onChange={onPick} data-testid="review-photo-input" />
          <Icon name="plus" size={22} />
          <span>{t("review.picture_add")}</span>
          <small>
            {photos.length}/{MAX_PICTURES}
          </small>
        </label>
      ) : null}
    </div>
  );
}

function letGo(photo: Photo): void {
  photo.stop.abort();
  URL.revokeObjectURL(photo.preview);
}
