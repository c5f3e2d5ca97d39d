import { render, screen } from "@testing-library/react";
import { Input, Radio } from "antd";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Field, FieldGroup } from "./Field";

/** The opening tags of a component in a source text, whole, also where an attribute has ">" in braces. */
function openingTags(source: string, name: string): string[] {
  const found: string[] = [];
  for (let at = source.indexOf(`<${name}`); at >= 0; at = source.indexOf(`<${name}`, at + 1)) {
    let depth = 0;
    let end = at;
    while (depth > 0 || source[end] !== ">") {
      if (source[end] === "{") depth += 1;
      if (source[end] === "}") depth -= 1;
      end += 1;
    }
    found.push(source.slice(at, end + 1));
  }
  return found;
}

const ROOT = join(import.meta.dirname, "..");
const PAGES = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".tsx") && !path.includes(".test."));

describe("labels of forms", () => {
  it.each(PAGES.filter((path) => path !== join("app", "Field.tsx")))("%s ties each label to its control", (path) => {
    const labelled = openingTags(readFileSync(join(ROOT, path), "utf8"), "Form.Item").filter((tag) => /\slabel=/.test(tag));
    expect(labelled.filter((tag) => !/\s(htmlFor|name)=/.test(tag))).toEqual([]);
  });

  it("a field is found by its label", () => {
    render(
      <Field label="Opinion">
        <Input defaultValue="fair" />
      </Field>,
    );
    expect((screen.getByLabelText("Opinion") as HTMLInputElement).value).toBe("fair");
  });

  it("a group of controls has the label's name", () => {
    render(
      <FieldGroup label="Outcome">
        <Radio.Group options={["buyer", "merchant"]} />
      </FieldGroup>,
    );
    expect(screen.getByRole("group", { name: "Outcome" }).querySelectorAll("input")).toHaveLength(2);
  });
});
