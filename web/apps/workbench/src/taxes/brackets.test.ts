import { expect, test } from "vitest";
import { readBrackets } from "./brackets";

test("brackets are read line by line, the last without an end", () => {
  expect(readBrackets("20000 20\n50000 30%\n* 40\n")).toEqual([
    { up_to_minor: 2_000_000, rate_bp: 2_000 },
    { up_to_minor: 5_000_000, rate_bp: 3_000 },
    { up_to_minor: null, rate_bp: 4_000 },
  ]);
  expect(readBrackets("* 12.5")).toEqual([{ up_to_minor: null, rate_bp: 1_250 }]);
  expect(readBrackets("")).toEqual([]);
});

test.each(["20000 20", "* 20\n50000 30", "50000 20\n20000 30\n* 40", "20000 30\n* 20", "a 20", "20000", "* 100", "* -1", "20000 20 3\n* 40"])("%s is no table", (typed) => {
  expect(readBrackets(typed)).toBeNull();
});
