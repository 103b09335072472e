import { compare } from "./compare.ts";
import type { LogLine } from "./log-line.ts";
import { mostFrequent } from "./most-frequent.ts";

/** What one kind of message of PostgreSQL's log amounts to: all that say the same, of one database. */
export interface LogKind {
  readonly level: string;
  /** Null: of the server's own processes. */
  readonly database: string | null;
  /** Without values. */
  readonly text: string;
  readonly count: number;
  /** Epoch seconds, of the first and of the last. */
  readonly since: number;
  readonly until: number;
  readonly sessions: number;
  /** As whom most of them came. */
  readonly user: string | null;
}

type Message = Pick<LogLine, "level" | "text" | "client" | "process" | "at">;

/** The most frequent first. */
export function logKinds(messages: readonly Message[]): readonly LogKind[] {
  const groups = Map.groupBy(messages, ({ level, client, text }) =>
    [level, client?.database ?? "", text].join("\n"),
  );
  return [...groups.values()]
    .flatMap((of): readonly LogKind[] => {
      const [first] = of;
      if (first === undefined) return [];
      const { level, text, client } = first;
      const times = of.map(({ at }) => at);
      const users = mostFrequent(of.flatMap((one) => one.client?.user ?? []));
      return [
        {
          level,
          database: client?.database ?? null,
          text,
          count: of.length,
          since: Math.min(...times),
          until: Math.max(...times),
          sessions: new Set(of.map(({ process }) => process)).size,
          user: users[0]?.text ?? null,
        },
      ];
    })
    .toSorted((a, b) => b.count - a.count || compare(a.text, b.text));
}
