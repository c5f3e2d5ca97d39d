/** Time left as "1:02:03" below a day; days are told apart so that each language can name them. */
export function timeLeft(endsAt: string, now: number): { days: number; clock: string } | null {
  const seconds = Math.ceil((new Date(endsAt).getTime() - now) / 1000);
  if (seconds <= 0) return null;
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  return { days, clock: `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}` };
}
