import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { poolStrings } from "../../../lib/pool-strings.ts";

const long = "connections-near-limit";

describe("strings of a bundle, said once", () => {
  it("Q1 says the same with fewer bytes, however a string stands", () => {
    const script = `"use strict";const of=a=>{switch(a){case"${long}":return"${long}"in{"${long}":1}?"${long}".length:0;default:return a??"${long}"}};class K{"${long}"="${long}"}const{"${long}":x="${long}"}={};var said=[of("${long}"),of(),x,new K,typeof"${long}",\`\${"${long}"}|${long}\`,/"${long}"/.test('"${long}"'),"é\\n\\"".repeat(2),"é\\n\\"","é\\n\\""];JSON.stringify(said)`;
    const pooled = poolStrings(script);
    expect(runInNewContext(pooled)).toBe(runInNewContext(script));
    expect(runInNewContext(pooled)).toContain(`"${long}"`);
    expect(pooled.length).toBeLessThan(script.length - 4 * long.length);
    expect(pooled.startsWith('"use strict";const ')).toBe(true);
  });

  it("Q1 leaves what is required by name, what typeof says, and what would be no shorter", () => {
    const script = `require("${long}");require("${long}");import("${long}");import("${long}");typeof a=="function"&&typeof b=="function"&&typeof c=="function";f("ab","ab","ab")`;
    expect(poolStrings(script)).toBe(script);
  });

  it("Q1 reads long names of properties by the same words, of whatever kind the access is", () => {
    const name = "averageSessions";
    const script = `const a={${name}:1,deep:{${name}:[2]}};class P{get ${name}(){return 3}}class Q extends P{get twice(){return super.${name}*2}static #${name}=4;static own(){return Q.#${name}}}a.${name}+=1;a.${name}++;const f=o=>o?.${name}??o?.deep?.${name};const {${name}:x}=a;JSON.stringify([a.${name},a.deep.${name}[0],f(a),f(void 0),f({deep:a})===void 0,new Q().twice,Q.own(),x,delete a.${name},"${name}"in a,\`\${a.deep.${name}}.${name}\`])`;
    const pooled = poolStrings(script);
    expect(runInNewContext(pooled)).toBe(runInNewContext(script));
    expect(pooled.length).toBeLessThan(script.length);
    expect(pooled).not.toContain(`a.${name}`);
  });

  it("Q1 takes no name that stands anywhere in it", () => {
    const script = `var aaa=1;g("aab ${long}","aab ${long}",{aac:"aab ${long}"})`;
    expect(poolStrings(script)).toMatch(/^const aad="aab /);
  });
});
