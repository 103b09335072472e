/**
 * What cannot be seen but changes what is: control characters (terminal escapes begin with one), halves of characters,
 * what turns the direction of writing, what takes no room, and the separators that only some programs break lines at.
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/**
 * Text of any origin as people may see it, in every channel: "⟪U+202E⟫" in place of each character that cannot be seen.
 * Lines stay lines. A second time changes nothing.
 */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(unseen, (character) =>
      character === "\n" || character === "\t" ? character : mark(character),
    );
}

/** The same for what is one line by its nature: a name with a line break in it cannot begin another one. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll(/[\n\t]/g, mark);
}

/** Marked as JSON itself may write them, so that a program reads exactly what was there. */
export function visibleJson(json: string): string {
  return json.replaceAll(unseen, (character) => (character === "\n" ? character : escaped(character)));
}

/** Whether people would not see all of it. */
export function hidesSomething(text: string): boolean {
  return visibleLine(text) !== text;
}

function mark(character: string): string {
  return `⟪U+${hex(character.codePointAt(0) ?? 0)}⟫`;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join("");
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
