/** The 31 characters of a unified social credit code (GB 32100-2015): no I, O, S, V, Z. */
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** Whether a company's number is well-formed and its check character right; the server decides again. */
export function isCreditCode(typed: string): boolean {
  const code = typed.trim().toUpperCase();
  if (code.length !== 18 || !/^\d{6}$/.test(code.slice(2, 8))) return false;
  let weight = 1;
  let total = 0;
  for (const character of code.slice(0, 17)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return false;
    total += value * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (total % 31)) % 31] === code[17];
}
