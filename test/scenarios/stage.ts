import type { LabServer, MariadbServer, MysqlServer, PostgresServer } from "../lab/engines/lab-server.ts";
import { closeAll, openSessions } from "../lab/engines/sql.ts";

type Sessions = Awaited<ReturnType<typeof openPostgresSessions>>;
type MysqlSessions = Awaited<ReturnType<typeof openMysqlSessions>>;

const tables = ["orders", "invoices", "payments", "shipments", "carts", "tickets", "ledger", "bookings"];
const applications = ["checkout", "billing", "storefront", "worker", "api", "importer", "mailer", "search"];

function openPostgresSessions(server: PostgresServer, count: number, applicationName: string) {
  return openSessions(server, count, { user: "shop", applicationName });
}

function openMysqlSessions(server: MysqlServer | MariadbServer, count: number, applicationName: string) {
  return openSessions(server, count, { user: "shop", applicationName });
}

/** Where a fault is made: the server, names that vary with the seed, and what has to be undone afterwards. */
export interface Stage {
  readonly server: LabServer;
  readonly seed: number;
  /** Signed in as rdsadmin, for what a DBA would set up beforehand. */
  readonly postgres: () => PostgresServer;
  readonly mysql: () => MysqlServer | MariadbServer;
  /** A whole number in [from, to], the next of the seed's sequence. */
  number(from: number, to: number): number;
  /** Names that differ from seed to seed and within a stage. */
  table(): string;
  application(): string;
  /** Sessions of the application user `shop`; closed at the end. */
  pgSessions(count: number, applicationName: string): Promise<Sessions>;
  mySessions(count: number, applicationName: string): Promise<MysqlSessions>;
  /** Statements that will hang or fail are nobody's unhandled rejection. */
  leave(work: Promise<unknown>): void;
  /** Runs at the end, last one first. */
  cleanUp(work: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** The seed's numbers alone, for what needs no server. */
export function diceOf(seed: number): Pick<Stage, "number"> {
  const random = sequence(seed);
  return { number: (from, to) => from + Math.floor(random() * (to - from + 1)) };
}

export function createStage(server: LabServer, seed: number): Stage {
  const random = sequence(seed);
  const undo: (() => Promise<unknown>)[] = [];
  const pick = picker(random);
  const nextTable = pick(tables);
  const nextApplication = pick(applications);
  const isPg = (one: LabServer): one is PostgresServer => one.engine === "postgres";
  const isMy = (one: LabServer): one is MysqlServer | MariadbServer => one.engine !== "postgres";
  const postgres = (): PostgresServer => {
    if (!isPg(server)) throw new Error("this stage is not PostgreSQL");
    return server;
  };
  const mysql = (): MysqlServer | MariadbServer => {
    if (!isMy(server)) throw new Error("this stage is not MySQL or MariaDB");
    return server;
  };
  return {
    server,
    seed,
    postgres,
    mysql,
    number: (from, to) => from + Math.floor(random() * (to - from + 1)),
    table: nextTable,
    application: nextApplication,
    pgSessions: async (count, name) => {
      const sessions = await openPostgresSessions(postgres(), count, name);
      undo.push(() => closeAll(sessions));
      return sessions;
    },
    mySessions: async (count, name) => {
      const sessions = await openMysqlSessions(mysql(), count, name);
      undo.push(() => closeAll(sessions));
      return sessions;
    },
    leave: (work) => {
      work.catch(() => undefined);
    },
    cleanUp: (work) => {
      undo.push(work);
    },
    close: async () => {
      for (const work of undo.reverse()) await work().catch(() => undefined);
    },
  };
}

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Each word once, in an order of the seed's; then with a number behind it. */
function picker(random: () => number): (words: readonly string[]) => () => string {
  return (words) => {
    const left = [...words];
    let round = 1;
    return () => {
      if (left.length === 0) {
        left.push(...words);
        round += 1;
      }
      const [word = "thing"] = left.splice(Math.floor(random() * left.length), 1);
      return round === 1 ? word : `${word}_${round}`;
    };
  };
}
