export const HANDLE_LENGTH = { min: 3, max: 30 };
export const CREATOR_NAME_LENGTH = { min: 2, max: 30 };
export const BIO_LENGTH = 120;

export type HandleProblem = "handle_length" | "handle_letters" | "handle_of_shops";

/** What stands against a handle, the account's name in addresses; the server says the same. */
export function handleProblem(handle: string): HandleProblem | null {
  if (!/^[a-z0-9][a-z0-9_.-]*$/.test(handle) && handle !== "") return "handle_letters";
  if (handle.length < HANDLE_LENGTH.min || handle.length > HANDLE_LENGTH.max) return "handle_length";
  return /^shop\d+$/.test(handle) ? "handle_of_shops" : null;
}
