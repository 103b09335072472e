import type { RDSClient } from "@aws-sdk/client-rds";
import type { Stamp } from "../../../core/failover/effect.ts";
import type { Called, Places } from "../../../core/failover/places-of.ts";
import type { Clock, Metrics } from "../../../core/ports.ts";
import { identifierOf, parseArn } from "../rds-names.ts";

/** The way to RDS and CloudWatch of one Region: reads may be tried again, writes are sent once. */
export interface Regional {
  readonly reads: RDSClient;
  readonly writes: RDSClient;
  readonly metrics: Metrics;
}

export interface Promoted {
  readonly node: string;
  readonly resourceId: string;
}

/** What was done to a group by runs before, or by this one: RDS forgets it with the promotion. */
export interface GroupRecord {
  /** The group that the instance belonged to before it was promoted out of it; else the one that was asked for. */
  readonly group: string;
  /** Newest first. A name may be given again to somebody else; what RDS calls the resource is not. */
  readonly promoted: readonly Promoted[];
  /** When a call that moves the writer was last sent, whatever became of it. */
  readonly lastCallAt: string | null;
  /** The run whose call that was; absent: an older record, or none. */
  readonly lastCallBy?: string;
  /** The run that changed anything of it last. */
  readonly lastRun?: string;
}

/** What a call does to the group: a promotion is to be found again when RDS shows the two as strangers. */
export type Admitted = { readonly kind: "change" } | MoveAdmitted;

/** What moves the writer. */
export type MoveAdmitted =
  | { readonly kind: "failover" }
  | ({ readonly kind: "promotion"; readonly itsGroup: string } & Promoted);

export interface FailoverRecords {
  read(group: string, signal?: AbortSignal): Promise<GroupRecord>;
  /** Throws an AwsError that is `refused` for whoever was deposed, and for what is older than what was done last. */
  admit(stamp: Stamp, what: Admitted, signal?: AbortSignal): Promise<void>;
  /** RDS refused for certain what was admitted last: it moved no writer. An earlier try may have. */
  retract(stamp: Stamp, what: MoveAdmitted, signal?: AbortSignal): Promise<void>;
}

export interface ControlPlaneOptions {
  readonly region: string;
  readonly at: (region: string) => Regional;
  readonly clock: Clock;
  readonly records: FailoverRecords;
  /** What is configured for it and RDS cannot know. */
  readonly places: (called: Called, signal?: AbortSignal) => Promise<Places>;
}

/** A node of another Region is named by its ARN, one of this Region by its identifier. */
export function placeOf(node: string, { at, region }: Pick<ControlPlaneOptions, "at" | "region">) {
  const arn = parseArn(node);
  return { ...at(arn?.region ?? region), id: identifierOf(node), region: arn?.region ?? region };
}

export function localName(idOrArn: string, region: string): string {
  const arn = parseArn(idOrArn);
  return arn === null || arn.region === region ? identifierOf(idOrArn) : idOrArn;
}
