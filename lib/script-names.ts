import type { Node } from "acorn";

/** "use strict", and files that are loaded by their name. */
export function isFixed(parent: Node | undefined): boolean {
  const { directive, callee } = (parent ?? {}) as {
    readonly directive?: string;
    readonly callee?: { readonly name?: string };
  };
  return directive !== undefined || parent?.type === "ImportExpression" || callee?.name === "require";
}

export const nameLength = 3;

/** Names of three letters that the script has nowhere, not even in a string. */
export function* shortNames(script: string): Generator<string, never> {
  const taken = new Set(script.match(/[\w$]+/g) ?? []);
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"];
  for (const first of letters)
    for (const second of letters)
      for (const third of letters) {
        const name = `${first}${second}${third}`;
        if (!taken.has(name) && !keywords.has(name)) yield name;
      }
  throw new Error("no name of three letters is left");
}

const keywords = new Set(["for", "let", "new", "try", "var"]);
