import type { LogWords } from "./log-lines.ts";
import { isReplicating } from "./mysql-told-over.ts";
import type { Told } from "./told.ts";

const levels = ["NOTE", "SYSTEM", "WARNING"];

/** Of the two threads each says for itself that it goes on. */
export const receivesAgain: LogWords = {
  levels,
  says: /^(?:Replica|Slave)\b.{0,100}connected to (?:source|master)/,
};
export const appliesAgain: LogWords = {
  levels,
  says: /^(?:Replica|Slave) SQL thread(?: for channel .{0,70})? initialized/,
};

/** What all of it has in common: what is tried again is a warning. */
const stopped = {
  cause: "replication-stopped",
  levels: ["ERROR"],
  means: "Replication does not go on: {}",
  mend: "what the message names; without the source's binary logs it is built anew",
  severity: "P1",
  stands: true,
  isOver: isReplicating,
  explains: ["replication-lag"],
} as const satisfies Omit<Told, "says">;

/**
 * What a replica says of its source, and of what it cannot apply.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
export const replicationTold: readonly Told[] = [
  {
    // A source that starts again is back before long.
    ...stopped,
    says: /^((?:Replica|Slave) I\/O.{0,80}: [Ee]rror (?:re)?connecting to .{1,250})/,
    least: 3,
    orSeconds: 180,
    endedBy: receivesAgain,
  },
  {
    ...stopped,
    says: /^((?:Replica|Slave) I\/O(?! thread|.{0,80}: [Ee]rror (?:re)?connecting to ).{1,300})/,
    endedBy: receivesAgain,
  },
  {
    ...stopped,
    says: /^((?:Replica|Slave) SQL(?! thread).{1,300})/,
    endedBy: appliesAgain,
  },
];
