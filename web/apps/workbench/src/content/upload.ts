import { readCsrfToken } from "@xingqu/client";
import { Upload } from "tus-js-client";
import { API_ROOT } from "../api/http";

/** One file on its way to the server; it can be paused, and goes on where it stopped even after a reload. */
export interface UploadHandlers {
  onProgress: (sent_bytes: number, size_bytes: number) => void;
  onDone: (assetId: number) => void;
  onError: (reason: UploadRefusal) => void;
}

export interface UploadRefusal {
  /** The server's code, or "network" when the connection was lost. */
  code: string;
  message: string;
}

const CHUNK_BYTES = 8_000_000;
const RETRY_DELAYS_MS = [0, 1000, 3000, 8000, 20_000];

/** The last number in an upload's address is its asset. */
export function assetIdOf(address: string | null): number | null {
  const match = /(\d+)\/?(?:\?.*)?$/.exec(address ?? "");
  return match ? Number(match[1]) : null;
}

/** The refusal inside an error body, else what the status says. */
export function readRefusal(status: number, body: string): UploadRefusal {
  try {
    const parsed = JSON.parse(body) as { error?: { code?: string; message?: string } };
    if (parsed.error?.code) return { code: parsed.error.code, message: parsed.error.message ?? "" };
  } catch {
    // Not JSON: a proxy's page, say.
  }
  if (status === 413) return { code: "file_too_large", message: "" };
  return { code: status === 0 ? "network" : "upload_failed", message: `HTTP ${status}` };
}

function base64Safe(text: string): string {
  return text.slice(-120);
}

export function startUpload(shopId: number, file: File, handlers: UploadHandlers): Upload {
  let assetId: number | null = null;
  const upload = new Upload(file, {
    endpoint: `${API_ROOT}/shops/${shopId}/uploads`,
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    metadata: { filename: base64Safe(file.name), filetype: file.type },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", readCsrfToken()),
    onAfterResponse: (_request, response) => {
      const header = response.getHeader("X-Asset-Id") ?? response.getHeader("Xingqu-Asset-Id");
      if (header) assetId = Number(header);
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return status === 0 || status === 409 || status === 423 || status >= 500;
    },
    onProgress: handlers.onProgress,
    onSuccess: () => {
      const id = assetId ?? assetIdOf(upload.url);
      if (id === null) handlers.onError({ code: "upload_failed", message: "no asset id" });
      else handlers.onDone(id);
    },
    onError: (error) => {
      const response = "originalResponse" in error ? error.originalResponse : null;
      handlers.onError(readRefusal(response?.getStatus() ?? 0, response?.getBody() ?? ""));
    },
  });
  void upload.findPreviousUploads().then((previous) => {
    const newest = previous.toSorted((left, right) => right.creationTime.localeCompare(left.creationTime))[0];
    if (newest?.uploadUrl?.includes(`/shops/${shopId}/`)) upload.resumeFromPreviousUpload(newest);
    upload.start();
  });
  return upload;
}
