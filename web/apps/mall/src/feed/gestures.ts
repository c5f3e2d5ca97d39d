import { type PointerEvent, useEffect, useRef } from "react";

export interface Point {
  x: number;
  y: number;
}

const DOUBLE_TAP_MS = 280;
const LONG_PRESS_MS = 480;
const MOVE_TOLERANCE_PX = 12;

/** Tells a tap, a double tap and a long press apart on the stage. */
export function useStageGestures(on: { tap: () => void; doubleTap: (at: Point) => void; longPress: () => void }) {
  const handlers = useRef(on);
  useEffect(() => {
    handlers.current = on;
  });
  const start = useRef<Point | null>(null);
  const pressTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tapTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastTap = useRef(0);

  useEffect(
    () => () => {
      clearTimeout(pressTimer.current);
      clearTimeout(tapTimer.current);
    },
    [],
  );

  const cancel = () => {
    start.current = null;
    clearTimeout(pressTimer.current);
  };

  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      pressTimer.current = setTimeout(() => {
        cancel();
        handlers.current.longPress();
      }, LONG_PRESS_MS);
    },
    onPointerMove: (event: PointerEvent) => {
      const from = start.current;
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVE_TOLERANCE_PX) cancel();
    },
    onPointerCancel: cancel,
    onPointerLeave: cancel,
    onPointerUp: (event: PointerEvent) => {
      if (!start.current) return;
      cancel();
      clearTimeout(tapTimer.current);
      const box = event.currentTarget.getBoundingClientRect();
      if (event.timeStamp - lastTap.current < DOUBLE_TAP_MS) {
        // a third quick tap is one more heart, not a pause
        lastTap.current = event.timeStamp;
        handlers.current.doubleTap({ x: event.clientX - box.left, y: event.clientY - box.top });
        return;
      }
      lastTap.current = event.timeStamp;
      tapTimer.current = setTimeout(() => handlers.current.tap(), DOUBLE_TAP_MS);
    },
  };
}
