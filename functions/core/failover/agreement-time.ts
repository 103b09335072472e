/**
 * So long what was judged, typed or clicked counts: from when it was, which is renewed by typing or clicking it again, and
 * by nothing that the run does. A plain redrive is that for the plain agreement of who types it, and for nothing forced.
 */
export const agreementMs = 960_000;

/** Still, at this hour; null: it was not, or is not known. */
export function counts(at: number | null, now: number): boolean {
  return at !== null && now - at < agreementMs;
}
