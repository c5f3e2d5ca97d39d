export interface Tier {
  min_score: number;
  days: number;
}

/** Tiers as typed, one a line ("90 1" or "90: 1"); null when a line is none, a score stands twice or a better one waits longer. */
export function readTiers(typed: string): Tier[] | null {
  const lines = typed.split("\n").map((line) => line.trim()).filter(Boolean);
  const tiers: Tier[] = [];
  for (const line of lines) {
    const match = /^(\d{1,3})\s*[\s:：,，]\s*(\d{1,3})$/.exec(line);
    if (!match) return null;
    const tier = { min_score: Number(match[1]), days: Number(match[2]) };
    if (tier.min_score > 100 || tier.days > 180) return null;
    tiers.push(tier);
  }
  tiers.sort((a, b) => a.min_score - b.min_score);
  const wrong = tiers.some((tier, index) => index > 0 && (tier.min_score === tiers[index - 1]!.min_score || tier.days > tiers[index - 1]!.days));
  return wrong ? null : tiers;
}
