// Every product's archetype and art direction.
import { SOFT } from "./catalogue_soft.js";
import { HARD } from "./catalogue_hard.js";

export const CATALOGUE = { ...SOFT, ...HARD };
