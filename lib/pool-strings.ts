import { type MemberExpression, type Node, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { isFixed, nameLength, shortNames } from "./script-names.ts";

/**
 * Gives a string that a script says many times a name, said once at its top: cause ids, metrics and words of the SDK stand
 * up to a hundred times in a bundle, and so do long names of properties, of which `a.averageSessions` is `a[xyz]`. Minifiers
 * leave them, since a compressed file is none the smaller for it; here the bytes of the code count (SPEC Q1).
 */
export function poolStrings(script: string): string {
  const strict = /^"use strict";/.test(script) ? '"use strict";' : "";
  const names = shortNames(script);
  const pooled = [...Map.groupBy(stringsOf(script), ({ value }) => value)]
    .filter(([text, places]) => savedBytes(text, places) > 0)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([text, places]) => ({ text, places, name: names.next().value }));
  const named = pooled.flatMap(({ places, name }) =>
    places.map(({ start, end, isProperty }) => ({ start, end, name: isProperty ? `[${name}]` : name })),
  );
  let at = strict.length;
  let body = "";
  for (const { start, end, name } of named.toSorted((a, b) => a.start - b.start)) {
    const before = script.slice(at, start);
    // What stood beside a quote may not touch a name: `case"a"`, `"a"in b`.
    const apart = /[\w$]$/.test(before) && !name.startsWith("[") ? " " : "";
    const behind = /^[\w$]/.test(script.slice(end, end + 1)) ? " " : "";
    body += `${before}${apart}${name}${behind}`;
    at = end;
  }
  const declared = pooled.map(({ text, name }) => `${name}=${JSON.stringify(text)}`);
  const said = declared.length === 0 ? "" : `const ${declared.join(",")};`;
  return `${strict}${said}${body}${script.slice(at)}`;
}

interface Place {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly isProperty: boolean;
}

/** What `typeof` may say: an engine knows the comparison with the word itself. */
const ofTypeof = /^(?:string|object|function|number|boolean|undefined|symbol|bigint)$/;

/** Where an expression is a string, and any other that has the same value would do; names of properties are none. */
function stringsOf(script: string): readonly Place[] {
  const places: Place[] = [];
  fullAncestor(parse(script, { ecmaVersion: 2025 }), (node, _state, ancestors) => {
    const property = propertyOf(node, script);
    if (property !== null) places.push(property);
    const { value } = node as Node & { readonly value?: unknown };
    if (node.type !== "Literal" || typeof value !== "string" || ofTypeof.test(value)) return;
    if (!isFixed(ancestors.at(-2)))
      places.push({ value, start: node.start, end: node.end, isProperty: false });
  });
  return places;
}

/** Of shorter ones little is gained. */
const longName = 8;

/** `.name` behind an object, or `name` behind `?.`: in brackets either is the same. */
function propertyOf(node: Node, script: string): Place | null {
  if (node.type !== "MemberExpression") return null;
  const { computed, optional, property } = node as MemberExpression;
  if (computed || property.type !== "Identifier") return null;
  const { start, end } = property;
  const value = script.slice(start, end);
  const from = optional ? start : start - 1;
  if (value.length < longName || script[start - 1] !== ".") return null;
  return { value, start: from, end, isProperty: true };
}

/** Against what stands there each time: a name each time, and `name="text",` once. */
function savedBytes(text: string, places: readonly Place[]): number {
  const long = Buffer.byteLength(JSON.stringify(text));
  const saved = places.map(({ start, end, isProperty }) =>
    isProperty ? end - start - nameLength - 2 : long - nameLength,
  );
  return saved.reduce((sum, one) => sum + one, 0) - (nameLength + long + 2);
}
