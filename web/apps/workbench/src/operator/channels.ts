import type { ChannelFigures } from "../api/types";

type Outcome = keyof ChannelFigures["recall"];

/** Those that find most alone first, then those that find most, then those that bring most. */
export function byWorth(channels: readonly ChannelFigures[], outcome: Outcome): ChannelFigures[] {
  const worth = (row: ChannelFigures) => [row.unique[outcome] ?? 0, row.recall[outcome] ?? 0, row.candidates];
  return [...channels].sort((one, other) => {
    const [first, second] = [worth(one), worth(other)];
    const place = first.findIndex((value, index) => value !== second[index]);
    return place < 0 ? 0 : (second[place] ?? 0) - (first[place] ?? 0);
  });
}
