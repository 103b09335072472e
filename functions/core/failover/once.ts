import type { FailoverRun, Sent } from "../contract/failover.ts";
import type { EffectBody } from "./effect.ts";
import { mayHaveHappened, type Seen, type Turn, wait } from "./turn.ts";

export type Once =
  | { readonly is: "shown" }
  | { readonly is: "turn"; readonly turn: Turn }
  | { readonly is: "failed"; readonly mayHaveHappened: boolean; readonly says: string };

interface OnceOptions {
  /** The world shows that it was done. */
  readonly shown: boolean;
  /** So long it may take until the world shows it. */
  readonly settleMs: number;
  readonly tries: number;
  /** Sending it twice is as sending it once. Otherwise only what was refused is sent again. */
  readonly repeatable: boolean;
}

const againMs = 3000;

/** Sends a thing until the world shows it; what may have been sent is looked for first. */
export function once(
  run: FailoverRun,
  seen: Seen,
  key: string,
  effect: EffectBody,
  options: OnceOptions,
): Once {
  if (options.shown) return { is: "shown" };
  const sent = run.sent[key];
  if (sent === undefined) return { is: "turn", turn: { send: effect, key, run } };
  const refused = sent.answer === "refused";
  const pause = refused || diedWith(sent, run, options) ? againMs : options.settleMs;
  if (seen.now < sent.at + pause) {
    return { is: "turn", turn: wait(run, seen, `${key} was sent, and does not show yet`) };
  }
  if (sent.tries < triesOf(sent, options) && (options.repeatable || (refused && !sent.unclear))) {
    return { is: "turn", turn: { send: effect, key, run } };
  }
  const says = sent.says ?? (refused ? "it was refused" : "nothing shows that it was done");
  return { is: "failed", mayHaveHappened: mayHaveHappened(run, key), says };
}

const throttledTries = 30;

/** In an outage everybody calls RDS: to be one of too many is no answer, and is asked again for a minute and a half. */
function triesOf({ answer, says }: Sent, { tries }: OnceOptions): number {
  const throttled = answer === "refused" && /throttl|rate exceeded|too many requests/i.test(says ?? "");
  return throttled ? Math.max(tries, throttledTries) : tries;
}

/**
 * Whoever sent it died, and the token by which it could still arrive is not taken any more: either it shows soon, or
 * it was never sent.
 */
function diedWith({ answer, token }: Sent, run: FailoverRun, { repeatable }: OnceOptions): boolean {
  return repeatable && answer === "none" && token !== undefined && run.token !== null && token < run.token;
}
