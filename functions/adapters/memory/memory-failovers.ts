import type { CallByCard, FailoverExecution, Failovers } from "../../core/change-ports.ts";
import { AwsError } from "../../core/errors.ts";

export interface MemoryFailovers extends Failovers {
  /** What was started, by the name of its execution. */
  readonly started: ReadonlyMap<string, CallByCard>;
  /** The next starts: "lost" is started all the same, and an error is thrown instead. */
  readonly answers: ("lost" | AwsError)[];
  end(name: string, execution: FailoverExecution): void;
}

/** A machine that runs until the test says what became of it. */
export function createMemoryFailovers(): MemoryFailovers {
  const started = new Map<string, CallByCard>();
  const ended = new Map<string, FailoverExecution>();
  const answers: ("lost" | AwsError)[] = [];
  return {
    started,
    answers,
    end: (name, execution) => void ended.set(name, execution),
    start: async (name, input) => {
      const answer = answers.shift();
      if (answer instanceof AwsError) throw answer;
      if (!started.has(name)) started.set(name, input);
      if (answer === "lost") throw new AwsError("TimeoutError", false, "no answer in time");
    },
    execution: async (name) => (started.has(name) ? (ended.get(name) ?? { is: "running" }) : null),
  };
}
