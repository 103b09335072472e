import { mostFrequent } from "../text/most-frequent.ts";
import { plural } from "../text/wording.ts";
import { isSaid, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

/** A consumer of a logical slot connects; one that fails and is started again does so again and again. */
export const decodingBegins: LogWords = {
  levels: ["LOG"],
  says: /^starting logical decoding for slot "([a-z0-9_]{1,63})"/,
};

/** "; its log names slot "inventory", whose consumer began 4 times": empty where it names none, or several as often. */
export function loggedSlot(view: View): string {
  const names = logRecords(view.evidence).flatMap((record) =>
    isSaid(record, decodingBegins) ? (decodingBegins.says.exec(record.text)?.[1] ?? []) : [],
  );
  const [first, second] = mostFrequent(names);
  return first === undefined || first.count === second?.count
    ? ""
    : `; its log names slot ${first.text}, whose consumer began ${plural(first.count, "time")}`;
}
