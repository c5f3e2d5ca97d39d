/** The light build carries no types of its own; its interface is the full build's. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
