import { en } from "./texts-en";
import { zh } from "./texts-zh";

export const collab = { "zh-CN": zh, en };
