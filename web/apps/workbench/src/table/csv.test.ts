import { describe, expect, it } from "vitest";
import { parseCsv, writeCsv } from "./csv";

describe("parseCsv", () => {
  it("reads quotes, commas and line breaks inside cells", () => {
    expect(parseCsv('a,b\r\n"x, ""y""","1\n2"\r\nlast,z')).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ['x, "y"', "1\n2"] },
      { line: 4, cells: ["last", "z"] },
    ]);
  });

  it("reads what a spreadsheet pastes: tabs", () => {
    expect(parseCsv("S1\tSF\tSF123, a\nS2\tYTO\t9")).toEqual([
      { line: 1, cells: ["S1", "SF", "SF123, a"] },
      { line: 2, cells: ["S2", "YTO", "9"] },
    ]);
  });

  it("skips the byte order mark and empty lines but keeps line numbers", () => {
    expect(parseCsv("\ufeffa,b\n\n ,\nc,")).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 4, cells: ["c", ""] },
    ]);
  });

  it("gives nothing for nothing", () => {
    expect(parseCsv("")).toEqual([]);
    expect(parseCsv("\n\n")).toEqual([]);
  });
});

describe("writeCsv", () => {
  it("quotes what needs it and disarms formulas", () => {
    expect(writeCsv([["name", "n"], ['a "b", c', 3], ["=1+1", null], ["-5", "-x"]])).toBe(
      '\ufeffname,n\r\n"a ""b"", c",3\r\n\'=1+1,\r\n-5,\'-x\r\n',
    );
  });

  it("is read back by parseCsv", () => {
    const rows = [["订单号", "备注"], ["S1", "两行\n文字, \"引号\""]];
    expect(parseCsv(writeCsv(rows)).map((row) => row.cells)).toEqual(rows);
  });
});
