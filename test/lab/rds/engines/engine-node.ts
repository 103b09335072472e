import type { Engine } from "../../engines/lab-server.ts";

/** One engine process on its own data directory, which outlives the process. */
export interface EngineNode {
  readonly name: string;
  readonly dataDir: string;
  /** Null while no process runs. */
  pid(): number | null;
  port(): number | null;
  start(): Promise<void>;
  /** `clean` hands everything to replicas first; `now` is a crash. */
  stop(how: "clean" | "now"): Promise<void>;
  /** False when there is no process to take it. */
  signal(signal: NodeJS.Signals): boolean;
  /** Stops following, keeps what it has received, and takes writes when it resolves. */
  promote(): Promise<void>;
  /** Follows what answers at this port of 127.0.0.1, from where it stands. */
  follow(sourcePort: number): Promise<void>;
  /** The parameters in force from now on. Resolves with those that wait for the next start. */
  configure(parameters: ReadonlyMap<string, string>): Promise<readonly string[]>;
  /** How a parameter of this name can be changed; null for a name that the engine does not know. */
  parameterKind(name: string): Promise<"static" | "dynamic" | null>;
  /** Those that a parameter group can hold, as they are at this moment. */
  parameters(): Promise<readonly EngineParameter[]>;
  /** All that it has written, to be compared with `reached`. */
  position(): Promise<string>;
  reached(position: string): Promise<boolean>;
  sample(): Promise<EngineSample>;
  /** Ends the process and deletes the directory. */
  remove(): Promise<void>;
}

export interface EngineParameter {
  readonly name: string;
  readonly value: string;
  readonly dynamic: boolean;
}

export interface EngineSample {
  readonly connections: number;
  /** As CloudWatch has it: -1 where replication does not run (MySQL, MariaDB). Null on who follows nobody. */
  readonly lagSeconds: number | null;
  /** Whether its replication runs; null on who follows nobody. */
  readonly replicating: boolean | null;
  /** It has applied all that it has received. */
  readonly caughtUp: boolean;
}

export interface EngineKind {
  readonly engine: Engine;
  /** As RDS writes it: `17.10`, `10.11.19`. */
  readonly version: string;
  readonly source: string;
  primary(name: string): Promise<EngineNode>;
  /** A replica with the data of `of`, a running engine that follows nobody, which then follows `sourcePort`. */
  replica(name: string, of: EngineNode, sourcePort: number): Promise<EngineNode>;
}

/** What a node tells whoever stands before it. */
export interface NodeWatch {
  readonly changed: (node: EngineNode) => void;
}
