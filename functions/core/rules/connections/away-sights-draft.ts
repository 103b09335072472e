import { turnedAway } from "../../facts/new-authority.ts";
import { plainClients } from "../../facts/plain-clients.ts";
import type { View } from "../../facts/view.ts";

/** By what, and how surely, it is seen that clients are refused. */
export interface Sight {
  readonly source: string;
  readonly perMinute: number;
  /** By single lines of the log: several, and the last of them just now. */
  readonly goesOn: boolean;
  /** While some of the clients are missing: by one account on and on, or for a reason that fits them all. */
  readonly stubborn?: boolean;
  /** They are those who are missing, seen to leave when it began. */
  readonly keptOut?: boolean;
  /** Of strangers, by all that is seen. */
  readonly guesses?: boolean;
  /** "Sign-ins are refused", "Clients turn the server's certificate away". */
  readonly what: string;
  readonly says: string;
  readonly confidence: number;
}

/** Only while clients stay away; those who leave before they sign in may be health checks alone. */
export function awaySights(view: View): readonly Sight[] {
  const plain = plainClients(view);
  const turned = turnedAway(view);
  return [
    ...(plain === null
      ? []
      : [{ ...plain, goesOn: false, what: "Clients without TLS are refused", confidence: 0.8 }]),
    ...(turned === null
      ? []
      : [
          {
            ...{
              ...turned,
              source: "CloudTrail",
              perMinute: 0,
              goesOn: false,
              stubborn: true,
              keptOut: true,
              confidence: 0.65,
            },
            what: "Clients seem to turn the server's certificate away",
          },
        ]),
  ];
}
