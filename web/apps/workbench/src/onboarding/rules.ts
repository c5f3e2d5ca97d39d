const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

export const REQUIRED_DOCUMENTS = ["licence", "identity_front", "identity_back"] as const;
export const DOCUMENT_KINDS = [...REQUIRED_DOCUMENTS, "other"] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export const TEXT_FIELDS = ["legal_name", "licence_no", "licence_until", "contact_name", "contact_phone"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export type Typed = Record<TextField, string>;

/** Whether the 18 characters are a unified social credit code: the last one checks the others (GB 32100-2015). */
export function isCreditCode(text: string): boolean {
  if (text.length !== 18) return false;
  let sum = 0;
  let weight = 1;
  for (const character of text.slice(0, 17)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return false;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] === text[17];
}

/** Fields whose typed text the server would refuse. */
export function wrongFields(typed: Typed, today: string): TextField[] {
  const wrong: TextField[] = [];
  if (typed.legal_name.trim().length < 2) wrong.push("legal_name");
  if (!isCreditCode(typed.licence_no.trim().toUpperCase())) wrong.push("licence_no");
  if (typed.licence_until !== "" && typed.licence_until < today) wrong.push("licence_until");
  if (typed.contact_name.trim().length < 2) wrong.push("contact_name");
  if (!/^\+?[0-9][0-9 -]{5,18}$/.test(typed.contact_phone.trim())) wrong.push("contact_phone");
  return wrong;
}

/** Required pictures that are not there. */
export function missingDocuments(documents: readonly { kind: DocumentKind }[]): DocumentKind[] {
  return REQUIRED_DOCUMENTS.filter((kind) => documents.every((one) => one.kind !== kind));
}
