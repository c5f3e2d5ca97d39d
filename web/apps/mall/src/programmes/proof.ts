const STEP = 256;

async function zeroBits(text: string): Promise<number> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  let bits = 0;
  for (const byte of digest) {
    if (byte === 0) {
      bits += 8;
      continue;
    }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

/** A nonce with which the hash of challenge and nonce begins with so many zero bits: a second or so of work, in steps. */
export async function solve(challenge: string, bits: number): Promise<string> {
  for (let from = 0; ; from += STEP) {
    const nonces = Array.from({ length: STEP }, (_, index) => String(from + index));
    const found = await Promise.all(nonces.map((nonce) => zeroBits(`${challenge}:${nonce}`)));
    const at = found.findIndex((zeros) => zeros >= bits);
    if (at >= 0) return nonces[at]!;
  }
}
