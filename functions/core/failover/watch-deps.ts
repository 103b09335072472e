import type { Clock, KillSwitch, Log } from "../ports.ts";
import type { FailoverPorts } from "./ports.ts";

/** What the sweeper needs for an old primary. */
export interface WatchDeps {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly killSwitch: KillSwitch;
}
