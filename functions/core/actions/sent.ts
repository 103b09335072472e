import type { Outcome } from "../contract/work-order.ts";

const word = "Sent: ";

/** The line of an order's record for a statement or a call, written before it is sent. */
export function sentNote(what: string): string {
  return `${word}${what}`;
}

/** More of them, or longer ones, nobody reads in a sentence, and all are in the record as they were sent. */
const most = { lines: 3, characters: 150 };

/** Of an attempt after one that ended without an answer: what is not known of that one first, for ends are cut off. */
export function toldOfEarlier(steps: Outcome["steps"] = []): string {
  const sent = steps.flatMap(({ says }) => (says.startsWith(word) ? [says.slice(word.length)] : []));
  const more = sent.length > most.lines ? `; ${sent.length - most.lines} more` : "";
  const told = sent.slice(0, most.lines).map(shortened).join("; ");
  const own = sent.length === 0 ? "nothing" : `${told}${more}`;
  return `Whether an earlier attempt acted is not known; this one sent ${own}.`;
}

function shortened(sent: string): string {
  return sent.length <= most.characters ? sent : `${sent.slice(0, most.characters - 1)}…`;
}
