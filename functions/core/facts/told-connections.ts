import { recentEvents } from "./rds-facts.ts";
import type { View } from "./view.ts";

export interface ToldConnections {
  readonly used: number;
  readonly limit: number;
  readonly at: string;
  readonly message: string;
}

const number = "(\\d[\\d,]*)";
const ratio = `${number}\\s*(?:of|out of|/)\\s*(?:the\\s+|a\\s+|maximum\\s+of\\s+)?${number}`;
/** "480 of 500 connections", "connections: 480/500"; a word or two may stand between. */
const patterns = [
  new RegExp(`\\b${ratio}\\s+(?:[a-z_-]+\\s+){0,2}connections?\\b`, "i"),
  new RegExp(`\\b(?:max_)?connections?\\b[^.;\\d]{0,24}\\b${ratio}\\b`, "i"),
];

/**
 * What an event says of its connections in numbers, the newest of the last hour. None of the events that AWS documents
 * does, but what it adds is free text, and a number of its own is surer than the default of an instance class.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export function toldConnections(view: View): ToldConnections | null {
  for (const { at, message } of recentEvents(view, 60)) {
    const [, first, second] = patterns.map((one) => one.exec(message)).find((match) => match !== null) ?? [];
    const [used, limit] = [countOf(first), countOf(second)];
    if (limit > 0) return { used, limit, at, message };
  }
  return null;
}

function countOf(text: string | undefined): number {
  return Number((text ?? "0").replaceAll(",", ""));
}
