import { visible } from "../../core/text/visible.ts";

/** Breaks up what would end a code fence early; invisible, and no text that was made visible contains one. */
const zeroWidthSpace = "\u200b";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escaped text of at most `max` characters, cut between characters with "…", never inside an entity or an emoji. */
export function escapeWithin(text: string, max: number): string {
  const shown = visible(text);
  const whole = escaped(shown);
  return whole.length <= max ? whole : `${fitting(shown, max - 1).escaped}…`;
}

/** Plain text of at most `max` characters on one line. Slack does not parse it, so nothing is escaped. */
export function plainWithin(text: string, max: number): string {
  const line = visible(text).replaceAll(/\s+/g, " ").trim();
  if (line.length <= max) return line === "" ? "-" : line;
  let kept = "";
  for (const character of line) {
    if (kept.length + character.length > max - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export interface CodePieces {
  /** Escaped, each fit for one fence. */
  readonly pieces: readonly string[];
  readonly shownCharacters: number;
  readonly totalCharacters: number;
}

/** A statement in as many pieces as it needs, at most `most` of them of `max` characters each. */
export function codePieces(code: string, max: number, most: number): CodePieces {
  const safe = visible(code).replaceAll("```", `\`${zeroWidthSpace}\`${zeroWidthSpace}\``);
  const pieces: string[] = [];
  let rest = safe;
  while (rest !== "" && pieces.length < most) {
    const { escaped, taken } = fitting(rest, max);
    pieces.push(escaped);
    rest = rest.slice(taken);
  }
  return { pieces, shownCharacters: safe.length - rest.length, totalCharacters: safe.length };
}

/** As much of the text as stays within `max` once escaped. */
function fitting(shown: string, max: number): { escaped: string; taken: number } {
  let fits = "";
  let taken = 0;
  for (const character of shown) {
    const next = escaped(character);
    if (fits.length + next.length > max) break;
    fits += next;
    taken += character.length;
  }
  return { escaped: fits, taken };
}

/**
 * Text that was made visible, made harmless: without these three characters no mention, link or command can begin.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
function escaped(shown: string): string {
  return shown.replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}
