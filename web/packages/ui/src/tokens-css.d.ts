declare module "*/tokens-css.mjs" {
  export function tokensCss(tokens: unknown): string;
}
