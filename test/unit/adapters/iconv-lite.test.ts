import { describe, expect, it } from "vitest";
import { getDecoder, getEncoder } from "../../../functions/adapters/mysql/iconv-lite.ts";

describe("character sets that Buffer does not know", () => {
  it.each([
    ["windows-1251", [0xcf, 0xf0, 0xe8], "При"],
    ["shift_jis", [0x93, 0xfa, 0x96, 0x7b], "日本"],
    ["gbk", [0xc4, 0xe3], "你"],
    ["cesu8", [0xc3, 0xa9], "é"],
  ])("%s is read, also when it arrives in pieces", (charset, bytes, text) => {
    const decoder = getDecoder(charset);
    const pieces = bytes.map((byte) => decoder.write(Uint8Array.of(byte)));
    expect(pieces.join("") + decoder.end()).toBe(text);
  });

  it("an unknown one is an error, not silence", () => {
    expect(() => getDecoder("no-such-set")).toThrow(RangeError);
    expect(() => getEncoder("gbk")).toThrow(RangeError);
  });
});
