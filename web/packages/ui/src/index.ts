export * from "./contrast";
export * from "./theme";
export * from "./tokens";
