import type { FailoverRun } from "../contract/failover.ts";
import type { Receipt } from "../contract/incident.ts";
import type { Clock } from "../ports.ts";
import { progressMessage } from "./messages.ts";
import type { Voice } from "./ports.ts";

export interface Teller {
  /** Begins to say it, and waits for nothing: no channel holds a failover up. */
  tell(run: FailoverRun): void;
  /** Of the run's first message, as soon as it is known. */
  thread(): Receipt | null;
  /** Waits for what is still being said, and then no longer. */
  finish(): Promise<void>;
}

const finishMs = 2000;

/** One after the other, so that the thread reads in the order in which it happened. */
export function createTeller(voice: Voice, clock: Clock, thread: Receipt | null): Teller {
  const cut = new AbortController();
  let receipt = thread;
  let saying: Promise<void> = Promise.resolve();
  return {
    tell: (run) => {
      const message = progressMessage(run, clock.now());
      if (message === null) return;
      saying = saying.then(async () => {
        receipt = (await voice.tell(message, receipt ?? run.thread, cut.signal)) ?? receipt;
      });
    },
    thread: () => receipt,
    finish: async () => {
      const awake = new AbortController();
      await Promise.race([saying, clock.sleep(finishMs, awake.signal).catch(() => undefined)]);
      awake.abort();
      cut.abort();
      await saying;
    },
  };
}
