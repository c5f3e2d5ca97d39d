import type { PayMethod } from "@xingqu/client";
import { readStored, writeStored } from "../kit/storage";

const KEY = "xq-pay-method";

/** The way to pay that was chosen last, or the first one offered when that one is not offered (any more). */
export function chosenMethod(offered: readonly PayMethod[], remembered: string | null): PayMethod["code"] | null {
  return (offered.find((method) => method.code === remembered) ?? offered[0])?.code ?? null;
}

export function rememberedMethod(): string | null {
  return readStored<string | null>(KEY, null);
}

export function rememberMethod(code: string) {
  writeStored(KEY, code);
}

/** Which of a provider's pages fits: a phone opens the provider's app, a computer shows a page or a code to scan. */
export function deviceOf(coarsePointer: boolean, widthPx: number): "desktop" | "phone" {
  return coarsePointer && widthPx < 820 ? "phone" : "desktop";
}
