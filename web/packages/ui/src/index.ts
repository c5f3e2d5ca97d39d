export * from "./theme";
export * from "./tokens";
