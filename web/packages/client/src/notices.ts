import type { Notice } from "./types";

/** A notice as it comes over the stream; null for what is none. */
export function readNotice(text: string): Notice | null {
  try {
    const notice = JSON.parse(text) as Notice;
    return typeof notice.id === "number" && typeof notice.kind === "string" ? notice : null;
  } catch {
    return null;
  }
}

/** Listens for one's notices as they happen; the browser reconnects by itself and resumes after the last id. Returns how to stop. */
export function openNoticeStream(address: string, onNotice: (notice: Notice) => void): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  const source = new EventSource(address, { withCredentials: true });
  source.addEventListener("notice", (event: MessageEvent<string>) => {
    const notice = readNotice(event.data);
    if (notice) onNotice(notice);
  });
  return () => source.close();
}
