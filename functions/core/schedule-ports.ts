/** A rule of EventBridge on a bus, or a schedule of EventBridge Scheduler in a group. */
export interface ScheduleName {
  readonly kind: "rule" | "schedule";
  readonly name: string;
  readonly group: string;
}

export interface ScheduleState {
  /** ENABLED, DISABLED, or another way of being on. */
  readonly state: string;
  /** cron(…), rate(…), at(…); null: it begins by events. */
  readonly expression: string | null;
  readonly timezone: string | null;
  /** Epoch milliseconds. */
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** The service that made it and alone may change it. */
  readonly managedBy: string | null;
  /** Of a schedule: what its target is begun with. */
  readonly roleArn: string | null;
  /** Of all that it is besides its state: another one, another schedule. */
  readonly mark: string;
}

/** Schedules outside the database that begin work in it. Throws AwsError. */
export interface Schedules {
  /** Null: there is none of that name. */
  look(of: ScheduleName, signal?: AbortSignal): Promise<ScheduleState | null>;
  /**
   * Sent once. A schedule is written anew with everything that it has just then; it is left alone, and that is "changed",
   * where it has another mark by then. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
   */
  turn(
    of: ScheduleName,
    to: { readonly on: boolean; readonly mark: string },
    signal?: AbortSignal,
  ): Promise<"sent" | "changed">;
}
