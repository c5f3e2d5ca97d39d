import { DeleteOutlined, LeftOutlined, PlusOutlined, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card } from "antd";
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { moved } from "./ordering";
import { freshKey } from "./product-form";
import type { EditorPicture, ProductEditor } from "./use-product-editor";

const PICTURES_LIMIT = 9;
const SIZE_LIMIT_BYTES = 8_000_000;
const TYPES = ["image/jpeg", "image/png", "image/webp"];

/** Up to nine pictures; the first is the one on the card. Drag, or move by the arrows. */
export function PicturesSection({ editor, reason }: { editor: ProductEditor; reason: string | undefined }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { pictures, setPictures } = editor;
  const picker = useRef<HTMLInputElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const urls = useRef<string[]>([]);
  useEffect(() => {
    const made = urls.current;
    return () => made.forEach((url) => URL.revokeObjectURL(url));
  }, []);
  const add = (files: readonly File[]) => {
    const room = PICTURES_LIMIT - pictures.length;
    if (files.length > room) void message.warning(t("products.pictures_limit", { count: PICTURES_LIMIT }));
    const good = files.slice(0, room).filter((file) => {
      if (!TYPES.includes(file.type)) void message.error(t("products.picture_type", { name: file.name }));
      else if (file.size > SIZE_LIMIT_BYTES) void message.error(t("products.picture_size", { name: file.name, mb: SIZE_LIMIT_BYTES / 1_000_000 }));
      else return true;
      return false;
    });
    const entries = good.map((file): EditorPicture => {
      const url = URL.createObjectURL(file);
      urls.current.push(url);
      return { key: freshKey(), url, id: null, file };
    });
    if (entries.length > 0) setPictures([...pictures, ...entries]);
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    add([...(event.target.files ?? [])]);
    event.target.value = "";
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    if (dragged === null) add([...event.dataTransfer.files]);
    setDragged(null);
  };
  return (
    <Card title={t("products.section.pictures")} className="wb-section">
      <p className="wb-muted">{t("products.help.pictures", { count: PICTURES_LIMIT })}</p>
      {reason && <p className="wb-reason">{reason}</p>}
      {/* Dragging is a shortcut of the mouse: the arrows and the button below do the same by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className="wb-plain-list wb-pictures" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        {pictures.map((picture, index) => (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={picture.key}
            className={dragged === index ? "wb-picture wb-picture-dragged" : "wb-picture"}
            draggable
            onDragStart={() => setDragged(index)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault();
              if (dragged === null || dragged === index) return;
              setPictures(moved(pictures, dragged, index));
              setDragged(index);
            }}
          >
            <img src={picture.url} alt={t("products.picture_number", { number: index + 1 })} />
            {index === 0 && <span className="wb-picture-main">{t("products.main_picture")}</span>}
            <span className="wb-picture-tools">
              <Button size="small" type="text" icon={<LeftOutlined />} aria-label={t("products.move_up")} disabled={index === 0} onClick={() => setPictures(moved(pictures, index, index - 1))} />
              <Button size="small" type="text" icon={<RightOutlined />} aria-label={t("products.move_down")} disabled={index === pictures.length - 1} onClick={() => setPictures(moved(pictures, index, index + 1))} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("actions.delete")} onClick={() => setPictures(pictures.filter((each) => each.key !== picture.key))} />
            </span>
          </li>
        ))}
        {pictures.length < PICTURES_LIMIT && (
          <li>
            <button type="button" className="wb-picture wb-picture-add" onClick={() => picker.current?.click()}>
              <PlusOutlined aria-hidden />
              <span>{t("products.add_pictures")}</span>
            </button>
          </li>
        )}
      </ul>
      <input ref={picker} type="file" accept={TYPES.join(",")} multiple hidden onChange={onPick} data-testid="product-pictures" />
    </Card>
  );
}
