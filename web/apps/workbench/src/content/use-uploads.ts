import { useCallback, useEffect, useRef, useState } from "react";
import type { Upload } from "tus-js-client";
import { type UploadRefusal, startUpload } from "./upload";

export interface FileOnItsWay {
  key: number;
  name: string;
  size_bytes: number;
  sent_bytes: number;
  state: "sending" | "paused" | "refused";
  refusal: UploadRefusal | null;
}

let keyCount = 0;

/** Files being sent; a finished one leaves the list and is handed to `onDone` as an asset. */
export function useUploads(shopId: number, onDone: (assetId: number) => void) {
  const [files, setFiles] = useState<FileOnItsWay[]>([]);
  const running = useRef(new Map<number, { upload: Upload; file: File }>());
  const finish = useRef(onDone);
  useEffect(() => {
    finish.current = onDone;
  });
  useEffect(() => {
    const uploads = running.current;
    return () => uploads.forEach(({ upload }) => void upload.abort());
  }, []);
  const change = useCallback((key: number, part: Partial<FileOnItsWay>) => {
    setFiles((current) => current.map((file) => (file.key === key ? { ...file, ...part } : file)));
  }, []);
  const drop = useCallback((key: number) => {
    running.current.delete(key);
    setFiles((current) => current.filter((file) => file.key !== key));
  }, []);
  const launch = useCallback(
    (key: number, file: File) => {
      const upload = startUpload(shopId, file, {
        onProgress: (sent_bytes) => change(key, { sent_bytes }),
        onDone: (assetId) => {
          drop(key);
          finish.current(assetId);
        },
        onError: (refusal) => change(key, { state: "refused", refusal }),
      });
      running.current.set(key, { upload, file });
    },
    [shopId, change, drop],
  );
  const add = useCallback(
    (file: File) => {
      keyCount += 1;
      const key = keyCount;
      setFiles((current) => [
        ...current,
        { key, name: file.name, size_bytes: file.size, sent_bytes: 0, state: "sending", refusal: null },
      ]);
      launch(key, file);
    },
    [launch],
  );
  const pause = (key: number) => {
    void running.current.get(key)?.upload.abort();
    change(key, { state: "paused" });
  };
  const resume = (key: number) => {
    running.current.get(key)?.upload.start();
    change(key, { state: "sending", refusal: null });
  };
  const retry = (key: number) => {
    const entry = running.current.get(key);
    if (!entry) return;
    change(key, { state: "sending", refusal: null, sent_bytes: 0 });
    launch(key, entry.file);
  };
  const cancel = (key: number) => {
    const entry = running.current.get(key);
    // The server may have forgotten the upload already; either way it is gone.
    void entry?.upload.abort(true).catch(() => undefined);
    drop(key);
  };
  return { files, add, pause, resume, retry, cancel };
}

export type Uploads = ReturnType<typeof useUploads>;
