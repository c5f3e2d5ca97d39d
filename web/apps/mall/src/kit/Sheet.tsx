import { useTranslation } from "@xingqu/i18n";
import { type ReactNode, type TouchEvent, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./Icon";
import { useDialogFocus } from "./useDialogFocus";

interface SheetProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  /** "tall" fills most of the screen, "auto" is as tall as what it holds. */
  height?: "auto" | "tall";
  /** Stands beside the stage as a plain column: no scrim, no focus trap. */
  docked?: boolean;
  testId?: string;
}

const CLOSE_DRAG_PX = 110;

/** A sheet from the bottom on phones, a panel from the right on desktops. Esc, scrim and dragging down close it. */
export function Sheet({ title, onClose, children, footer, height = "auto", docked = false, testId }: SheetProps) {
  const { t } = useTranslation("common");
  const titleId = useId();
  const panel = useRef<HTMLDivElement>(null);
  const drag = useRef<number | null>(null);
  const [offset, setOffset] = useState(0);
  useDialogFocus(panel, onClose, !docked);

  useEffect(() => {
    if (docked) return;
    const { overflow } = document.body.style;
    document.body.style.overflow = "hidden";
    return () => {
      document.body.style.overflow = overflow;
    };
  }, [docked]);

  const onTouchMove = (event: TouchEvent) => {
    if (drag.current !== null) setOffset(Math.max(0, event.touches[0]!.clientY - drag.current));
  };
  const onTouchEnd = () => {
    drag.current = null;
    if (offset > CLOSE_DRAG_PX) onClose();
    setOffset(0);
  };

  const body = (
    <div
      ref={panel}
      className={`sheet sheet-${height}${docked ? " sheet-docked" : ""}`}
      role={docked ? "complementary" : "dialog"}
      aria-modal={docked ? undefined : true}
      aria-labelledby={titleId}
      tabIndex={-1}
      style={offset ? { transform: `translateY(${offset}px)`, transition: "none" } : undefined}
      data-testid={testId}
    >
      <header
        className="sheet-head"
        onTouchStart={(event) => {
          drag.current = event.touches[0]!.clientY;
        }}
        onTouchMove={onTouchMove}
        onTouchEnd={onTouchEnd}
      >
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label={t("actions.close")}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <div className="sheet-body">{children}</div>
      {footer ? <footer className="sheet-foot">{footer}</footer> : null}
    </div>
  );
  if (docked) return body;
  return createPortal(
    <div className="sheet-layer">
      <button type="button" className="scrim" tabIndex={-1} aria-label={t("actions.close")} onClick={onClose} />
      {body}
    </div>,
    document.body,
  );
}
