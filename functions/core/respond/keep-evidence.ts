import type { Evidence } from "../contract/evidence.ts";
import { messageOf, ResponderError } from "../errors.ts";
import type { Deps } from "./deps.ts";

/** People wait for the diagnosis, which needs no evidence store. */
const patienceMs = 4000;

/** Stores what a look saw. Null, or why it could not be stored: the incident goes on without, and says so. */
export async function keepEvidence(
  id: string,
  evidence: Evidence,
  { evidence: store, clock, log }: Pick<Deps, "evidence" | "clock" | "log">,
): Promise<string | null> {
  const waiting = new AbortController();
  try {
    await Promise.race([store.put(id, evidence), tooSlow(clock, waiting.signal)]);
    return null;
  } catch (error) {
    const reason = messageOf(error);
    log.error("evidence.not-stored", { id, reason });
    log.metric("EvidenceNotStored", 1, "Count");
    return reason;
  } finally {
    waiting.abort();
  }
}

async function tooSlow(clock: Deps["clock"], signal: AbortSignal): Promise<never> {
  await clock.sleep(patienceMs, signal);
  throw new ResponderError(`the evidence store did not answer within ${patienceMs} ms`);
}
