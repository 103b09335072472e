import type { Delays } from "../../rds/world/delays.ts";
import type { Approver } from "../approver.ts";
import type { Scene } from "../deeds.ts";
import type { Deaths } from "../execution.ts";

export interface Fault {
  /** Strikes when clients have written for a while; the failover is started a moment later. */
  readonly strike: (scene: Scene) => void | Promise<void>;
  /** The primary works for its clients, or will when it is left alone: nobody may be promoted. */
  readonly healthy?: true;
  /** Clients cannot be helped, and are not waited for: nobody may be promoted. */
  readonly hopeless?: true;
  readonly deaths?: Deaths;
  readonly runs?: number;
  readonly planned?: true;
  /** A planned one that is held is started again. */
  readonly patient?: true;
  readonly delays?: Partial<Delays>;
  readonly approver?: Approver;
}

export type Faults = Readonly<Record<string, Fault>>;
