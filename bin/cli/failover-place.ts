import { createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createDynamoFailoverLock } from "../../functions/adapters/aws/failover/dynamo-failover-lock.ts";
import { createDynamoRunStore } from "../../functions/adapters/aws/failover/dynamo-run-store.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { createSignIn, databaseSettings } from "../../functions/adapters/aws/sign-in.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { mysqlDoor } from "../../functions/core/failover/door/mysql-door.ts";
import { createNodeDoor } from "../../functions/core/failover/door/node-door.ts";
import { postgresDoor } from "../../functions/core/failover/door/postgres-door.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import type { Databases } from "../../functions/core/ports.ts";
import type { Settings } from "../../functions/core/settings.ts";
import { databasesWith } from "../../functions/wiring-databases.ts";
import { failoverPortsAt, nodesAt } from "../../functions/wiring-failover-ports.ts";
import { createLocalRecords } from "./local-records.ts";
import { createTerminalVoice } from "./terminal-voice.ts";

export interface FailoverPlaceOptions {
  readonly region: string;
  /** Null: lock and run are this process's own. */
  readonly table: string | null;
  readonly settings: Settings;
  say(text: string): void;
}

/** The adapters of a failover with the credentials of whoever types; databases are reached from this machine. */
export function failoverPlace({ region, table, settings, say }: FailoverPlaceOptions): FailoverPorts {
  const clock = createSystemClock();
  const { lock, runs } = table === null ? createLocalRecords() : recordsIn(table, region);
  const door = createNodeDoor({
    ...{ clock, settings, log: { info: () => undefined } },
    databases: (of) => databasesFor(of, region),
    engineOf: ({ engine }) => (engine === "postgres" ? postgresDoor : mysqlDoor),
    find: nodesAt(region),
    admit: (stamp, signal) => lock.admit(stamp, { kind: "change" }, signal),
  });
  const voice = createTerminalVoice(say);
  return failoverPortsAt({ region, clock, runs, lock, door, voice, settings: async () => settings });
}

export function recordsIn(table: string, region: string) {
  const clock = createSystemClock();
  const shared = { client: createDynamoDbClient({ region }), table, ids: createRandomIds(), clock };
  const runs = createDynamoRunStore(shared);
  return { runs, lock: createDynamoFailoverLock({ ...shared, runs }) };
}

const off = { mode: "off" } as const;

function isHere({ host }: Target): boolean {
  return host === "localhost" || /^127\./.test(host);
}

function databasesFor(settings: Settings, region: string): Databases {
  const secrets = () => createSecretsClient({ region });
  const credentials = createSignIn(settings, { region, secrets });
  return {
    connect: (target, options, signal) => {
      const { certificateAuthority: ca } = databaseSettings(settings, target);
      // What listens on this machine alone is the lab's: nobody is between, and it has no certificate.
      const tls = isHere(target) ? off : { mode: "verify" as const, ...(ca === null ? {} : { ca }) };
      const { connect } = databasesWith(credentials, tls);
      return connect(target, options, signal);
    },
  };
}
