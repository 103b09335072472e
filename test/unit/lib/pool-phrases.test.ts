import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { poolPhrases } from "../../../lib/pool-phrases.ts";

const phrase = "the transaction that could not be seen ";
const texts = ["waits", "is told", "ended", "left no `word`"].map((word) => `${phrase}${word}`);

describe("phrases of a bundle, said once", () => {
  it("Q1 says the same with fewer bytes, whichever quotes a text stands in", () => {
    const script = `"use strict";const a=1,of=a=>{switch(a){case"${texts[0]}":return"${texts[1]}";default:return\`${texts[2]}, \${a} of \${a}\`}};var said=[of("${texts[0]}"),of(2),"${texts[3]} \\n\\\\ \${a} é ${texts[0]}","x"in{"${texts[0]}":1},typeof"${texts[1]}"];JSON.stringify(said)`;
    const pooled = poolPhrases(script);
    expect(runInNewContext(pooled)).toBe(runInNewContext(script));
    expect(pooled.length).toBeLessThan(script.length - 3 * phrase.length);
    expect(pooled.startsWith('"use strict";const ')).toBe(true);
  });

  it("Q1 leaves keys, what is required by its name, and what a tag reads raw", () => {
    const script = `const o={"${texts[0]}":1,"${texts[1]}":2};class K{"${texts[0]}"=1}require("${texts[0]}");import("${texts[1]}");String.raw\`${texts[0]}${texts[1]}\``;
    expect(poolPhrases(script)).toBe(script);
  });

  it("Q1 leaves strings that backticks would say otherwise", () => {
    const odd = [`${phrase}\\r`, `${phrase}\\u0007`, `${phrase}\\ud800`];
    const script = `JSON.stringify([${odd.map((one) => `"${one}"`).join(",")},"${odd.join("")}"])`;
    expect(poolPhrases(script)).toBe(script);
  });

  it("Q1 gives no name for what would be no shorter", () => {
    const script = `f("the end ","the end ")`;
    expect(poolPhrases(script)).toBe(script);
  });
});
