import { type Node, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { isFixed, nameLength, shortNames } from "./script-names.ts";

/**
 * Gives words that many strings of a script have in common a name, said once at its top: `"could not be read"` is then
 * `${abc}read` between backticks. A quarter of the rules are sentences, and this is the tenth of them that is said again.
 */
export function poolPhrases(script: string): string {
  const strict = /^"use strict";/.test(script) ? '"use strict";' : "";
  const places = textsOf(script);
  const { pooled, phrases } = pool(
    places.map(({ text }) => text),
    shortNames(script),
  );
  if (phrases.length === 0) return script;
  let at = strict.length;
  let body = "";
  for (const [index, { text, start, end, isQuoted }] of places.entries()) {
    const said = pooled[index] ?? text;
    if (said === text) continue;
    body += script.slice(at, start) + (isQuoted ? `\`${said}\`` : said);
    at = end;
  }
  const declared = phrases.map(({ phrase, name }) => `${name}=${JSON.stringify(phrase)}`);
  return `${strict}const ${declared.join(",")};${body}${script.slice(at)}`;
}

interface TextPlace {
  /** As it would stand between backticks. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** In quotes, which become backticks. */
  readonly isQuoted: boolean;
}

/** Strings in quotes that are expressions, and what stands between backticks that have no tag. */
function textsOf(script: string): readonly TextPlace[] {
  const places: TextPlace[] = [];
  fullAncestor(parse(script, { ecmaVersion: 2025 }), (node, _state, ancestors) => {
    const parent = ancestors.at(-2);
    const { start, end } = node;
    if (node.type === "TemplateElement") {
      if (ancestors.at(-3)?.type !== "TaggedTemplateExpression")
        places.push({ text: script.slice(start, end), start, end, isQuoted: false });
      return;
    }
    const { value } = node as Node & { readonly value?: unknown };
    if (node.type !== "Literal" || typeof value !== "string" || isFixed(parent) || isKey(parent, node))
      return;
    if (value.isWellFormed() && !/[^\P{C}\n]/u.test(value))
      places.push({ text: value.replace(/[\\`]|\$(?=\{)/g, "\\$&"), start, end, isQuoted: true });
  });
  return places.toSorted((a, b) => a.start - b.start);
}

/** `{"a": 1}` and `class { "a" = 1 }`. */
function isKey(parent: Node | undefined, node: Node): boolean {
  const { key, computed } = (parent ?? {}) as { readonly key?: Node; readonly computed?: boolean };
  return key === node && computed !== true;
}

const rounds = 100;
const longestInWords = 8;
/** What a name costs between backticks: `${abc}`. */
const placeLength = nameLength + 3;

interface Pooled {
  readonly pooled: readonly string[];
  readonly phrases: readonly { readonly phrase: string; readonly name: string }[];
}

/** Those that save most first, and the others counted anew without them. */
function pool(texts: readonly string[], names: Iterator<string, never>): Pooled {
  const nameOf = new Map<string, string>();
  let pooled = texts;
  for (let round = 0; round < rounds; round++) {
    const taken = apart(savingPhrases(pooled));
    if (taken.length === 0) break;
    for (const phrase of taken) nameOf.set(phrase, names.next().value);
    const pattern = anyOf(taken);
    pooled = pooled.map((text) => text.replace(pattern, (phrase) => `\${${nameOf.get(phrase)}}`));
  }
  return { pooled, phrases: [...nameOf].map(([phrase, name]) => ({ phrase, name })) };
}

function savingPhrases(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = text.split(/(?<= )|(?=\$\{)|(?<=\})/);
    for (const from of words.keys()) {
      let phrase = "";
      for (const word of words.slice(from, from + longestInWords)) {
        if (!/^[\w ,.;:'()%/@=<>+*-]+$/.test(word)) break;
        phrase += word;
        if (phrase.length > placeLength) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
      }
    }
  }
  const saved = (phrase: string, count: number) =>
    count * (phrase.length - placeLength) - (phrase.length + nameLength + 4);
  return [...counts]
    .map(([phrase, count]) => ({ phrase, saves: saved(phrase, count) }))
    .filter(({ saves }) => saves > 0)
    .toSorted((a, b) => b.saves - a.saves || (a.phrase < b.phrase ? -1 : 1))
    .map(({ phrase }) => phrase);
}

/** Of phrases that share a word only the first: the others are counted anew without it. */
function apart(phrases: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return phrases.filter((phrase) => {
    const words = phrase.split(" ").filter((word) => word.length > 1);
    const isApart = words.every((word) => !seen.has(word));
    for (const word of words) seen.add(word);
    return isApart;
  });
}

function anyOf(phrases: readonly string[]): RegExp {
  const escaped = phrases
    .toSorted((a, b) => b.length - a.length)
    .map((one) => one.replace(/[.()*+/]/g, "\\$&"));
  return new RegExp(escaped.join("|"), "g");
}
