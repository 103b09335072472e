import { type CauseId, causeIds } from "../../../functions/core/contract/cause-ids.ts";

/** What messages of a log of MySQL or MariaDB have to lead to, with nothing else amiss. */
export interface LogWitness {
  readonly name: string;
  readonly engine: "mysql" | "mariadb";
  /** How often within a quarter of an hour; 1: five minutes ago. */
  readonly times: number;
  /** Null: quiet. */
  readonly root: CauseId | null;
  /** In the headline. */
  readonly says: readonly string[];
  /** Behind the thread's number; behind "=" a whole line. */
  readonly lines: readonly string[];
}

/** One a line: name | engine | times | root | words in the headline | messages, with ++ between them. */
export function witnessesOf(table: string): readonly LogWitness[] {
  return table
    .trim()
    .split("\n")
    .map((row) => {
      const [name = "", engine, times, root, says = "-", ...messages] = row.split(" | ");
      return {
        name,
        engine: engine === "mariadb" ? "mariadb" : "mysql",
        times: Number(times),
        root: causeIds.find((id) => id === root) ?? null,
        says: says === "-" ? [] : says.split(", "),
        lines: messages.join(" | ").replaceAll("{b}", "`").split(" ++ "),
      };
    });
}
