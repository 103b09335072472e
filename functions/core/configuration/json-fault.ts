import { messageOf } from "../errors.ts";

/** Of strings only the ends matter here: what must not stand in them the parser names itself, with its place. */
const token =
  /\s*(?:[{}[\],:]|"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*/sy;

/**
 * Why a text is not JSON, and where; null when it is. The parser's own words are not handed on: they quote the text, and
 * settings may hold names.
 */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const where = placeNamedBy(messageOf(error)) ?? placeFound(text, messageOf(error));
    return where === null ? "is not JSON" : `is not JSON, at ${where}`;
  }
}

function placeNamedBy(message: string): string | null {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  return line === undefined ? null : `line ${line}, column ${column}`;
}

/** Where the parser names no place, it has met the end or what is no word of JSON; else only the order is wrong. */
function placeFound(text: string, message: string): string | null {
  let end = 0;
  for (token.lastIndex = 0; token.test(text); ) end = token.lastIndex;
  return end < text.length || message.includes("end of JSON input") ? placeOf(text, end) : null;
}

function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}
