import type { Work } from "../api/types";

export const WORK_STATE_COLOURS: Record<Work["state"], string> = {
  draft: "default",
  processing: "processing",
  ready: "blue",
  published: "success",
  unpublished: "warning",
  failed: "error",
};
