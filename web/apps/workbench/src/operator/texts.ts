import { en } from "./texts-en";
import { zh } from "./texts-zh";

export const operator = { "zh-CN": zh, en };
