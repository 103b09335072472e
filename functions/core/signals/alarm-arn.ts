export interface ArnParts {
  readonly region: string;
  readonly accountId: string;
}

const arnPattern = /^arn:aws[a-z-]{0,20}:(cloudwatch|sns):([a-z]{2}[a-z0-9-]{1,30}):(\d{12}):(.+)$/s;

/** Region and account of an alarm's ARN, null when it is none. */
export function alarmArnParts(text: string | null): ArnParts | null {
  const [, service, region, accountId, resource] = arnPattern.exec(text ?? "") ?? [];
  if (service !== "cloudwatch" || region === undefined || accountId === undefined) return null;
  return resource?.startsWith("alarm:") ? { region, accountId } : null;
}

/** A topic lies in the region of the alarm that notifies it, though not always in its account. */
export function regionOfTopic(topicArn: string | null): string | null {
  const [, service, region] = arnPattern.exec(topicArn ?? "") ?? [];
  return service === "sns" && region !== undefined ? region : null;
}
