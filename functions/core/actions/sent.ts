import type { Outcome } from "../contract/work-order.ts";

const word = "Sent: ";

/** The line of an order's record for a statement or a call, written before it is sent. */
export function sentNote(what: string): string {
  return `${word}${what}`;
}

/** More than a few of them nobody reads in a sentence, and all are in the record. */
const most = 3;

/** Of an attempt after one that ended without an answer: what it has sent itself, and what is not known of that one. */
export function toldOfEarlier(steps: Outcome["steps"] = []): string {
  const sent = steps.flatMap(({ says }) => (says.startsWith(word) ? [says.slice(word.length)] : []));
  const more = sent.length > most ? `; ${sent.length - most} more` : "";
  const own = sent.length === 0 ? "nothing" : `${sent.slice(0, most).join("; ")}${more}`;
  return `This attempt sent ${own}; whether an earlier one acted is not known.`;
}
