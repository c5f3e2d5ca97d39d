import { en } from "./texts-en";
import { zh } from "./texts-zh";

export const funds = { "zh-CN": zh, en };
