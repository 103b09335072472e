import { ResponderError } from "../errors.ts";

/** Fails after so long, whatever the work does; the signal tells it to stop. */
export async function inTime<T>(
  who: string,
  ms: number,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(ms);
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(new ResponderError(`${who} did not answer within ${ms} ms`));
  deadline.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work(deadline), late.promise]);
  } finally {
    deadline.removeEventListener("abort", giveUp);
  }
}
