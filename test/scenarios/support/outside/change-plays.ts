import type { Change, RdsEvent } from "../../../../functions/core/contract/context.ts";
import { ago, told } from "./described.ts";
import { type Flavour, ordinaryCluster, ordinaryId, type Unlike } from "./ordinary.ts";

/** What was changed so many minutes ago, as AWS tells of it. */
export type Made = (flavour: Flavour, minutes: number) => Unlike;

const group = `${ordinaryId}-params`;
/** Whoever changed it. */
export const changer = "terraform";

export function called(minutes: number, what: string, detail: string, more: Partial<Change> = {}): Change {
  return {
    at: ago(minutes).toISOString(),
    source: "cloudtrail",
    subject: ordinaryId,
    what,
    by: changer,
    detail,
    error: null,
    ...more,
  };
}

/** Parameters of the instance's group have events, those of the cluster's a call alone; `restarted`: so long after it. */
export function set(name: string, value: string | number, method = "immediate", restarted?: number): Made {
  return (flavour, minutes) => {
    const parameters = `parameters=[{"parameterName":"${name}","parameterValue":"${value}","applyMethod":"${method}"}]`;
    const after = restarted === undefined ? [] : restart(minutes - restarted);
    if (flavour.startsWith("aurora")) {
      const clusterGroup = `${ordinaryCluster}-params`;
      const detail = `dBClusterParameterGroupName=${clusterGroup}, ${parameters}`;
      const call = called(minutes, "ModifyDBClusterParameterGroup", detail, { subject: clusterGroup });
      return { changes: [call], events: after };
    }
    const says = `Updated parameter ${name} to ${value} with apply method ${method}`;
    const detail = `dBParameterGroupName=${group}, ${parameters}`;
    return {
      events: [...after, told(group, minutes, "configuration change", says, "parameter-group")],
      changes: [called(minutes, "ModifyDBParameterGroup", detail, { subject: group })],
    };
  };
}

/** To one value and, half a day before, to another. */
export function setAgain(name: string, value: string | number, former: string | number): Made {
  return (flavour, minutes) => {
    const [now, before] = [set(name, value)(flavour, minutes), set(name, former)(flavour, minutes + 700)];
    return {
      events: [...(now.events ?? []), ...(before.events ?? [])],
      changes: [...(now.changes ?? []), ...(before.changes ?? [])],
    };
  };
}

export function restart(minutes: number): RdsEvent[] {
  return [
    told(ordinaryId, minutes, "availability", "DB instance restarted"),
    told(ordinaryId, minutes + 0.7, "availability", "DB instance shutdown"),
  ];
}

/** A call on the instance, with the events by which RDS tells that it is done. */
export function did(
  what: string,
  detail: string,
  { events = [], before, self = {}, group: of = {} }: Did = {},
): Made {
  return (_, minutes) => ({
    changes: [
      called(
        minutes + (events.length === 0 ? 0 : 4),
        what,
        `dBInstanceIdentifier=${ordinaryId}, ${detail}, applyImmediately=true`,
        before === undefined ? {} : { before },
      ),
    ],
    events: events.map((message) => told(ordinaryId, minutes, "configuration change", message)),
    self,
    group: of,
  });
}

interface Did {
  readonly events?: readonly string[];
  readonly before?: Readonly<Record<string, string>>;
  readonly self?: Unlike["self"];
  readonly group?: Unlike["group"];
}

/** The same on the cluster. */
export function didCluster(what: string, detail: string, more: Did = {}): Made {
  return (flavour, minutes) => {
    const made = did(what, detail, more)(flavour, minutes);
    const changes = (made.changes ?? []).map((call) => ({
      ...call,
      subject: ordinaryCluster,
      detail: `dBClusterIdentifier=${ordinaryCluster}, ${detail}, applyImmediately=true`,
    }));
    return { ...made, changes };
  };
}

/** What has to do with nothing. */
export const unrelated: readonly (readonly [string, Made])[] = [
  [
    "a tag",
    (_, minutes) => ({
      changes: [called(minutes, "AddTagsToResource", 'tags=[{"key":"team","value":"a"}]')],
    }),
  ],
  ["a log export", did("ModifyDBInstance", 'cloudwatchLogsExportConfiguration={"enableLogTypes":["error"]}')],
  ["a backup window", did("ModifyDBInstance", "preferredBackupWindow=02:10-02:40")],
  ["deletion protection", did("ModifyDBInstance", "deletionProtection=true")],
  ["a parameter that bounds nothing", set("log_autovacuum_min_duration", 5000)],
];
