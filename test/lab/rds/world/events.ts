/** An event of RDS. Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
export interface RdsEvent {
  readonly at: Date;
  readonly id: string;
  readonly sourceType: "db-instance" | "db-cluster";
  readonly category: EventCategory;
  readonly message: string;
}

export type EventCategory =
  | "availability"
  | "failover"
  | "configuration change"
  | "creation"
  | "deletion"
  | "read replica";

export interface EventBook {
  write(event: Omit<RdsEvent, "at">): void;
  entries(): readonly RdsEvent[];
}

const kept = 2_000;

export function createEventBook(now: () => Date): EventBook {
  const entries: RdsEvent[] = [];
  return {
    write: (event) => {
      entries.push({ at: now(), ...event });
      if (entries.length > kept) entries.shift();
    },
    entries: () => entries,
  };
}

/** What RDS tells when a change begins and when it is done, in its words. */
export interface Telling {
  readonly category: EventCategory;
  readonly begun?: string;
  readonly done?: string;
}
