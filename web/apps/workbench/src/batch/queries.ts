import { post } from "../api/http";
import type { BatchResult } from "../api/types";
import type { BatchBody } from "./change";

export function runBatch(shopId: number, productIds: readonly number[], body: BatchBody, dryRun: boolean): Promise<BatchResult> {
  return post<BatchResult>(`/shops/${shopId}/products/batch`, { product_ids: productIds, ...body, dry_run: dryRun });
}

export function undoBatch(shopId: number, batchId: number): Promise<BatchResult> {
  return post<BatchResult>(`/shops/${shopId}/products/batches/${batchId}/undo`);
}
