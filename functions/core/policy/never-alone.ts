import * as z from "zod";
import { awsOffers, databaseOffers } from "../actions/offers.ts";
import { sessionTargetSchema } from "../actions/signals/session-target.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { NeverAlone } from "../contract/proof.ts";
import { neverAloneBecause, neverUnasked } from "../text/never-alone.ts";

const seenSchema = sessionTargetSchema
  .pick({ query: true, state: true, waitEvent: true })
  .extend({ application: z.string().nullable().exactOptional() });

/** By what the finding said of it, else by what kind of action it is, else by what its target shows. */
export function neverAloneOf({ id, neverAlone, input }: ProposedAction): NeverAlone | null {
  if (neverAlone !== undefined) return neverAlone;
  const changes = databaseOffers.some((offer) => offer.id === id && offer.asksAlways === true);
  if (changes || awsOffers.some((offer) => offer.id === id)) return neverAloneBecause("object-change");
  const seen = z.safeParse(seenSchema, input);
  return seen.success ? neverUnasked(seen.data) : null;
}
