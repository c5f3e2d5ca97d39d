const block = (indent, entries) => entries.map(([name, value]) => `${indent}--xq-${name}: ${value};`).join("\n");

/** The style sheet that stands for the token document: one CSS variable a token, both themes. */
export function tokensCss(tokens) {
  const fixed = [
    ...Object.entries(tokens.stage),
    ...["font", "text", "leading", "space", "radius", "motion", "shadow"].flatMap((group) =>
      Object.entries(tokens[group]).map(([name, value]) => [`${group}-${name}`, value]),
    ),
  ];
  const light = Object.entries(tokens.color.light);
  const dark = Object.entries(tokens.color.dark);
  return `/* Written by "npm run tokens" from tokens.json. */
:root {
  color-scheme: light;
${block("  ", light)}
${block("  ", fixed)}
}

@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    color-scheme: dark;
${block("    ", dark)}
  }
}

:root[data-theme="dark"],
[data-theme="dark"] {
  color-scheme: dark;
${block("  ", dark)}
}
`;
}
