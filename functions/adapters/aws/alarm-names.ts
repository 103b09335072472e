const beforeName = ":alarm:";

export function isArn(nameOrArn: string): boolean {
  return nameOrArn.startsWith("arn:") && nameOrArn.includes(beforeName);
}

/** An alarm's name may itself hold colons. */
export function alarmNameOf(nameOrArn: string): string {
  if (!isArn(nameOrArn)) return nameOrArn;
  return nameOrArn.slice(nameOrArn.indexOf(beforeName) + beforeName.length);
}

const inQuotes = String.raw`"((?:[^"\\]|\\.)*)"`;
const bare = String.raw`([^\s"()]+)`;
const member = new RegExp(
  String.raw`\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:${inQuotes}|${bare})\s*\)`,
  "g",
);

/**
 * Names or ARNs of the alarms in a composite alarm's rule, `ALARM("cpu high") AND NOT OK(replica-lag)`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function childrenOf(rule: string): string[] {
  return [...rule.matchAll(member)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "",
  );
}
