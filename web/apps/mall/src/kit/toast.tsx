import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}

const SHOW_MS = 3200;
const SHOW_WITH_ACTION_MS = 6000;

let toasts: Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says something short at the foot of the page; with an action it stays longer. */
export function showToast(text: string, options: { tone?: Toast["tone"]; action?: Toast["action"] } = {}): void {
  const toast: Toast = { id: nextId++, text, tone: options.tone ?? "plain", action: options.action };
  publish([...toasts.slice(-1), toast]);
  setTimeout(() => publish(toasts.filter((other) => other.id !== toast.id)), toast.action ? SHOW_WITH_ACTION_MS : SHOW_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={`toast toast-${toast.tone}`}>
          <span>{toast.text}</span>
          {toast.action ? (
            <button
              type="button"
              onClick={() => {
                toast.action?.run();
                publish(toasts.filter((other) => other.id !== toast.id));
              }}
            >
              {toast.action.label}
            </button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
