/** What can change, or be changed, under a database. `upgrade`: of which nothing tells whether it was a major one. */
export type Kind =
  | "upgrade"
  | "major-upgrade"
  | "minor-upgrade"
  | "class"
  | "storage"
  | "restored"
  | "new-replica"
  | "multi-az"
  | "failover"
  | "restart"
  | "maintenance"
  | "insights"
  | "switchover"
  /** By its arguments. */
  | "call"
  | "parameter";

/**
 * Words of RDS for a change that is done, first match wins.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export const eventWords: readonly { readonly words: RegExp; readonly kind: Kind }[] = [
  { words: /version (upgrade (finished|complete)|(has been )?upgraded)\b/i, kind: "upgrade" },
  { words: /^finished applying modification to (db|database) instance class/i, kind: "class" },
  { words: /^finished applying .*modification to .*storage/i, kind: "storage" },
  { words: /^finished applying modification to convert to a multi-az/i, kind: "multi-az" },
  { words: /^restored (db instance )?from /i, kind: "restored" },
  {
    words: /failover(?!.*(start|not)).*complete|^completed failover|^failed over to/i,
    kind: "failover",
  },
  { words: /^switchover .*(completed|finished)/i, kind: "switchover" },
  { words: /^reset master credentials/i, kind: "call" },
  { words: /^updated parameter /i, kind: "parameter" },
  { words: /patched|finished applying .*patches/i, kind: "maintenance" },
  { words: /^db instance restarted|recovery of the db instance is complete/i, kind: "restart" },
];
