export * from "./format";
export * from "./hooks";
export * from "./setup";
export { Trans, useTranslation } from "react-i18next";
